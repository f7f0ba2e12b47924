import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { ENGINES, openTestDatabase, type OpenTestDatabase } from '@runnel/repositories-database/testing'
import { sql } from 'kysely'
import { randomBytes } from 'node:crypto'
import type { DeadLetterFilter } from '../src/dead-letters/dead-letter-filter.ts'
import {
  countDeadLetters,
  deleteDeadLetter,
  deleteDeadLetters,
} from '../src/dead-letters/delete-dead-letters.ts'
import { groupDeadLetters } from '../src/dead-letters/group-dead-letters.ts'
import { purgeDeadLetters } from '../src/dead-letters/purge-dead-letters.ts'
import { listDeadLetters } from '../src/dead-letters/read-dead-letters.ts'
import { type DeadLetter, storeDeadLetters } from '../src/writes/store-dead-letters.ts'
import { nextId } from './rows.ts'

const MEBIBYTE = 1024 ** 2
const NEVER = new AbortController().signal

describe.each(ENGINES)('dead letters on %s', (engine) => {
  let database: OpenTestDatabase

  beforeAll(async () => {
    database = await openTestDatabase(engine)
  })
  afterAll(() => database.drop())
  beforeEach(async () => {
    await sql`truncate dead_letter`.execute(database.kysely)
  })

  const store = (count: number, members: Partial<DeadLetter> = {}) =>
    storeDeadLetters(
      database,
      Array.from({ length: count }, (_, n) => ({
        sourceId: nextId(),
        kind: 'logs',
        subject: 'logs',
        payload: Buffer.from('{}'),
        reason: `bad_json: number ${n}`,
        operation: 'upsert',
        form: 'message',
        receivedAtMs: Date.now(),
        ...members,
      })),
    )

  /** Payloads of a page, which is read as the routes do. */
  const sizes = async (maxBytes: number, position: { beforeId?: number; afterId?: number } = {}) => {
    const { items, more } = await listDeadLetters(database, {}, { limit: 100, maxBytes, ...position })
    return { bytes: items.map(({ payloadBytes }) => payloadBytes), more, last: items.at(-1)?.id }
  }

  it('end a page early where they are large, so that the database sends no more than that', async () => {
    for (const bytes of [10, 400_000, 400_000, 400_000, 20]) {
      await store(1, { payload: Buffer.alloc(bytes, 'x') })
    }
    const first = await sizes(MEBIBYTE)
    expect(first).toMatchObject({ bytes: [20, 400_000, 400_000], more: true })
    expect(await sizes(MEBIBYTE, { beforeId: first.last! })).toMatchObject({
      bytes: [400_000, 10],
      more: false,
    })
    expect(await sizes(MEBIBYTE, { afterId: 0 })).toMatchObject({ bytes: [10, 400_000, 400_000], more: true })
    // One is always part of a page: a list has to go on.
    expect(await sizes(1, { afterId: first.last! - 1 })).toMatchObject({ bytes: [400_000], more: true })
  })

  it('are counted by kind and by the code or SQLSTATE that their reason begins with', async () => {
    await store(3)
    await store(2, { kind: 'products', reason: '23514: new row violates check constraint "x"' })
    await store(1, { kind: 'products', reason: 'Something: else' })
    const { groups, ...all } = await groupDeadLetters(database, {})
    expect(all).toEqual({ count: 6, payloadBytes: 12, newestId: expect.any(Number) })
    expect(groups).toMatchObject([
      { kind: 'logs', code: 'bad_json', count: 3, reason: 'bad_json: number 2' },
      { kind: 'products', code: '23514', count: 2 },
      { kind: 'products', code: 'other', count: 1, newestId: all.newestId },
    ])
    expect(await groupDeadLetters(database, { code: 'none' })).toEqual({
      count: 0,
      payloadBytes: 0,
      newestId: null,
      groups: [],
    })
  })

  it('are deleted one by one, or by a filter, the oldest first', async () => {
    await store(700)
    await store(2, { reason: '23514: no' })
    const filter: DeadLetterFilter = { code: 'bad_json' }
    const seen = await countDeadLetters(database, filter)
    expect(seen).toEqual({ count: 700, newestId: expect.any(Number) })
    await store(1)
    expect(await deleteDeadLetters(database, { ...filter, throughId: seen.newestId! }, 600)).toBe(600)
    expect(await countDeadLetters(database, filter)).toMatchObject({ count: 101 })
    expect(await deleteDeadLetters(database, { ...filter, throughId: seen.newestId! }, 600)).toBe(100)
    expect(await countDeadLetters(database, {})).toMatchObject({ count: 3 })
    const { newestId } = await countDeadLetters(database, {})
    expect(await deleteDeadLetter(database, newestId!)).toBe(true)
    expect(await deleteDeadLetter(database, newestId!)).toBe(false)
  })

  it('go once they are older than they are kept, counted from when they last failed', async () => {
    await store(1, { reason: 'old' })
    await sql`update dead_letter set first_failed_at = now() - interval '99 days',
      last_failed_at = now() - interval '91 days'`.execute(database.kysely)
    await store(1, { reason: 'failed again' })
    await sql`update dead_letter set first_failed_at = now() - interval '99 days'`.execute(database.kysely)
    const retention = { days: 90, bytes: 1024 * MEBIBYTE }
    expect(await purgeDeadLetters(database, retention, AbortSignal.abort())).toEqual({ aged: 0, excess: 0 })
    expect(await purgeDeadLetters(database, retention, NEVER)).toEqual({ aged: 1, excess: 0 })
    const { items } = await listDeadLetters(database, {}, { limit: 10, maxBytes: MEBIBYTE })
    expect(items).toMatchObject([{ reason: 'failed again' }])
  })

  it('stay while the clock of the database is not to be believed, whatever it says', async () => {
    await store(1)
    await sql`update dead_letter set last_failed_at = now() - interval '91 days'`.execute(database.kysely)
    const retention = { days: 90, bytes: 1024 * MEBIBYTE }
    const know = (known: string, suspended: string | null) =>
      sql`insert into time_mark (name, mark_at, known_at, boot_id, uptime_ms, suspended_by, suspended_at,
          suspended_ran_ms, lifted, shifts, due_days)
        values ('events', now(), now() - ${known}::interval, null, 0, ${suspended}, now(), 0, false, '[]', 0)
        on conflict (name) do update set known_at = excluded.known_at, suspended_by = excluded.suspended_by`.execute(
        database.kysely,
      )
    await know('0 days', 'jump')
    expect(await purgeDeadLetters(database, retention, NEVER)).toMatchObject({ aged: 0 })
    await know('40 days', null)
    expect(await purgeDeadLetters(database, retention, NEVER)).toMatchObject({ aged: 0 })
    await know('1 hour', null)
    expect(await purgeDeadLetters(database, retention, NEVER)).toMatchObject({ aged: 1 })
    await sql`delete from time_mark`.execute(database.kysely)
  })

  it('go, the oldest first, where they take more room than they may', async () => {
    // Random, for what counts is the room on the disk: a million blanks take little.
    for (let n = 0; n < 6; n++) await store(1, { payload: randomBytes(500_000), reason: String(n) })
    const retention = { days: 90, bytes: 2 * MEBIBYTE }
    expect(await purgeDeadLetters(database, retention, NEVER)).toEqual({ aged: 0, excess: 2 })
    const { items } = await listDeadLetters(database, {}, { limit: 10, maxBytes: 10 * MEBIBYTE })
    expect(items.map(({ reason }) => reason)).toEqual(['5', '4', '3', '2'])
    expect(await purgeDeadLetters(database, retention, NEVER)).toEqual({ aged: 0, excess: 0 })
  })
})
