import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import { findMismatches } from '../src/mailings/check-statistics.ts'
import { closeRestedChunks } from '../src/mailings/close-rested-chunks.ts'
import { expireMailings } from '../src/mailings/expire-mailings.ts'
import { finishSettling } from '../src/mailings/finish-mailing.ts'
import { settleBlock } from '../src/mailings/settle-block.ts'
import { applyTransitions, type Transition } from '../src/messages/apply-transitions.ts'
import {
  ENGINES,
  itConcurrently,
  openTestDatabase,
  type OpenTestDatabase,
} from '@runnel/repositories-database/testing'
import {
  countMessages,
  emptyMailings,
  HOUR_MS,
  NOON_MS,
  readMailing,
  startMailingFor,
} from './schedule-rows.ts'

const END_MS = NOON_MS + HOUR_MS

describe.each(ENGINES)('settleBlock on %s', (engine) => {
  let database: OpenTestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(engine)
  })
  afterAll(() => database.drop())
  beforeEach(() => emptyMailings(database))

  const running = (count: number) => startMailingFor(database, count)
  const apply = (transitions: readonly Transition[]) =>
    database.kysely
      .transaction()
      .execute((trx) => applyTransitions(trx, transitions, { nowMs: NOON_MS, slot: 0 }))
  const settle = async (id: number) => {
    let rounds = 0
    for (;;) {
      const { applied, chunks } = await settleBlock(database, id, END_MS)
      if (applied.length + chunks === 0) break
      rounds++
    }
    return { rounds, finished: await finishSettling(database, id, END_MS) }
  }
  const leaseChunks = (seconds: number) =>
    sql`update send_chunk set lease_token = gen_random_uuid(), lease_owner = 'me',
      leased_until = clock_timestamp() + make_interval(secs => ${seconds})`.execute(database.kysely)

  it('leaves nothing pending after the end: what was begun is unknown, the rest is expired', async () => {
    const { id, first } = await running(1200)
    await sql`update send_chunk set started_through = ${first + 63} where first_message_id = ${first}`.execute(
      database.kysely,
    )
    await leaseChunks(-1)
    await apply([
      { messageId: first, to: 'sent' },
      { messageId: first + 1, to: 'retry', dueAtMs: END_MS + 5000 },
      { messageId: first + 2, to: 'retry' },
      // An attempt that broke off, and one after it that was refused.
      { messageId: first + 3, to: 'retry', inDoubt: true },
      { messageId: first + 600, to: 'failed', reason: 'http_400' },
    ])
    await apply([{ messageId: first + 3, to: 'retry', reason: 'http_500', dueAtMs: END_MS + 5000 }])
    await sql`update retry set lease_token = gen_random_uuid(), leased_until = now() - interval '1 second'
      where message_id = ${first + 2}`.execute(database.kysely)
    expect(await settleBlock(database, id, END_MS)).toEqual({ applied: [], chunks: 0 })
    await expireMailings(database, END_MS)
    expect((await settle(id)).finished).toBe(true)
    // 60 begun in the chunk, one that was being tried again, and one that was in doubt.
    expect(await countMessages(database, id)).toEqual({ sent: 1, failed: 1, unknown: 62, expired: 1136 })
    expect(await findMismatches(database, id)).toEqual([])
    expect(await readMailing(database, id)).toMatchObject({
      status: 'expired',
      settled_at: new Date(END_MS),
    })
    const { rows } = await sql`
      select (select count(*)::int from retry) as retries,
        (select count(*)::int from send_chunk where closed_at is null) as chunks,
        (select array_agg(distinct reason) from message where id in (${first + 2}, ${first + 3})) as reasons`.execute(
      database.kysely,
    )
    expect(rows[0]).toEqual({ retries: 0, chunks: 0, reasons: ['no_result'] })
  })

  it('cancels what a cancelled mailing has left', async () => {
    const { id } = await running(10)
    await sql`update mailing set status = 'cancelled', finished_at = now()`.execute(database.kysely)
    expect((await settle(id)).finished).toBe(true)
    expect(await countMessages(database, id)).toEqual({ cancelled: 10 })
  })

  it('leaves to a living worker what it holds, until its lease is over', async () => {
    const { id, first } = await running(700)
    await leaseChunks(60)
    await sql`update send_chunk set leased_until = null, lease_token = null where first_message_id > ${first}`.execute(
      database.kysely,
    )
    await apply([{ messageId: first, to: 'retry' }])
    await sql`update retry set lease_token = gen_random_uuid(), leased_until = now() + interval '1 minute'`.execute(
      database.kysely,
    )
    await expireMailings(database, END_MS)
    expect((await settle(id)).finished).toBe(false)
    expect(await countMessages(database, id)).toEqual({ pending: 499, retry: 1, expired: 200 })
    await leaseChunks(-1)
    await apply([{ messageId: first, to: 'sent' }])
    expect((await settle(id)).finished).toBe(true)
    expect(await countMessages(database, id)).toEqual({ sent: 1, expired: 699 })
  })

  it('takes bounded steps', async () => {
    const { id } = await running(6000)
    await expireMailings(database, END_MS)
    expect(await settle(id)).toEqual({ rounds: 2, finished: true })
    expect(await countMessages(database, id)).toEqual({ expired: 6000 })
  })

  it('closes chunks that a dead worker has left without a pending message, and no others', async () => {
    const { id, first } = await running(1200)
    const ids = Array.from({ length: 500 }, (_, n) => first + n)
    await apply(ids.map((messageId) => ({ messageId, to: 'sent' })))
    expect(await closeRestedChunks(database)).toBe(0)
    await leaseChunks(60)
    expect(await closeRestedChunks(database)).toBe(0)
    await leaseChunks(-1)
    expect(await closeRestedChunks(database)).toBe(1)
    const { rows } = await sql`
      select first_message_id as first from send_chunk where mailing_id = ${id} and closed_at is not null`.execute(
      database.kysely,
    )
    expect(rows).toEqual([{ first }])
  })

  const concurrently = itConcurrently(engine)
  concurrently('settles everything once though several replicas do it at the same time', async () => {
    const { id } = await running(12_000)
    await expireMailings(database, END_MS)
    const replica = async () => {
      for (let tries = 0; tries < 200; tries++) {
        await settleBlock(database, id, END_MS)
        if (await finishSettling(database, id, END_MS)) return true
        if ((await readMailing(database, id)).settled_at) return false
      }
      throw new Error('never settled')
    }
    const finished = await Promise.all([replica(), replica(), replica()])
    expect(finished.filter(Boolean)).toHaveLength(1)
    expect(await countMessages(database, id)).toEqual({ expired: 12_000 })
    expect(await findMismatches(database, id)).toEqual([])
  })
})
