import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { MESSAGE_STATUSES } from '@runnel/contracts'
import { sql } from 'kysely'
import { applyTransitions, type Transition } from '../src/messages/apply-transitions.ts'
import { listMailingOverview } from '../src/statistics/list-mailing-overview.ts'
import { readMailingStatistics } from '../src/statistics/mailing-statistics.ts'
import type { CountGroups, StatusCounts } from '../src/statistics/status-counts.ts'
import { readDatabaseTimeMs } from '@runnel/repositories-database'
import { insertMailing } from './mailing-rows.ts'
import {
  ENGINES,
  itConcurrently,
  openTestDatabase,
  type OpenTestDatabase,
} from '@runnel/repositories-database/testing'

const MINUTE_MS = 60_000
const items = (count: number) => ({ items: count, bytes: 1e6 })
const TABLES = 'mailing, mailing_cell, mailing_stat, mailing_tally, message, send_chunk, retry, mailing_zone'
const CLOSED = MESSAGE_STATUSES.filter((status) => status !== 'pending' && status !== 'retry')

describe.each(ENGINES)('statistics of mailings on %s', (engine) => {
  let database: OpenTestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(engine)
  })
  afterAll(() => database.drop())
  beforeEach(() => sql`truncate ${sql.raw(TABLES)}`.execute(database.kysely))

  const apply = (transitions: readonly Transition[], nowMs = Date.now(), slot = 0) =>
    database.kysely.transaction().execute((trx) => applyTransitions(trx, transitions, { nowMs, slot }))

  const statisticsOf = async (id: number) => (await readMailingStatistics(database, id)).value!

  /** What a COUNT over the messages says, in the form of the statistics. */
  async function countBy(key: string, status: readonly string[] = MESSAGE_STATUSES) {
    const { rows } = await sql<{ key: string; status: string; count: number }>`
      select ${sql.raw(key)} as key, status, count(*)::int as count
      from message m join mailing_cell c on c.mailing_id = m.mailing_id and c.id = m.cell
      where m.mailing_id = 1 and status = any(${status}) group by 1, 2`.execute(database.kysely)
    return flat(rows)
  }
  const flat = (rows: readonly { key: unknown; status: string; count: number }[]) =>
    rows.map(({ key, status, count }) => `${String(key)} ${status} ${count}`).sort()
  const flatGroups = <K>(groups: CountGroups<K>) =>
    flat(groups.items.flatMap(({ key, counts }) => flatCounts(key, counts)))
  const flatCounts = (key: unknown, counts: StatusCounts) =>
    Object.entries(counts).flatMap(([status, count]) => (count === 0 ? [] : [{ key, status, count }]))

  it('equal a COUNT over the messages, whatever happened to these', async () => {
    await insertMailing(database, { id: 1, messages: 200, firstMessageId: 1000 })
    await insertMailing(database, { id: 2, messages: 50, firstMessageId: 5000 })
    const nowMs = Date.now()
    for (let step = 0; step < 40; step++) {
      const transitions = Array.from({ length: 20 }, (_, i) => ({
        messageId: 1000 + ((step * 37 + i * 11) % 200),
        to: MESSAGE_STATUSES[(step + i) % MESSAGE_STATUSES.length]!,
      }))
      await apply(transitions, nowMs - (40 - step) * 7 * MINUTE_MS, step % 8)
    }
    const found = await statisticsOf(1)
    expect(found.total).toBe(200)
    expect(flat(flatCounts('all', found.counts))).toEqual(await countBy("'all'"))
    expect(new Set(Object.values(found.counts)).size).toBeGreaterThan(2)
    expect(flatGroups(found.operators)).toEqual(await countBy('operator_code'))
    expect(flatGroups(found.tags)).toEqual(await countBy('tag'))
    const hour = "(extract(epoch from date_trunc('hour', m.updated_at, 'UTC')) * 1000)::float8"
    expect(flatGroups(found.hours)).toEqual(await countBy(hour, CLOSED))
    expect(found.hours.items.length).toBeGreaterThan(2)
    expect(found.hours.items.map(({ key }) => key)).toEqual(
      found.hours.items.map(({ key }) => key).sort((a, b) => a - b),
    )
    const overview = await listMailingOverview(database, { limits: items(10) })
    expect(overview.value.items.find(({ id }) => id === 1)).toMatchObject({
      counts: found.counts,
      total: 200,
    })
  })

  const concurrently = itConcurrently(engine)
  concurrently('are of one moment each, while writers go on', async () => {
    await insertMailing(database, { id: 1, messages: 400, firstMessageId: 1 })
    let open = true
    const write = async (slot: number) => {
      for (let round = 0; open; round++) {
        const to = (['retry', 'failed', 'retry', 'unknown'] as const)[round % 4]!
        const ids = Array.from({ length: 100 }, (_, i) => slot * 100 + i + 1)
        await apply(
          ids.map((messageId) => ({ messageId, to })),
          Date.now(),
          slot,
        )
      }
    }
    const writers = [0, 1, 2, 3].map(write)
    const seen = new Set<string>()
    for (let i = 0; i < 100; i++) {
      const { total, counts, operators, tags, hours } = await statisticsOf(1)
      expect(total).toBe(400)
      for (const groups of [operators, tags])
        for (const status of MESSAGE_STATUSES)
          expect(groups.items.reduce((sum, group) => sum + group.counts[status], 0)).toBe(counts[status])
      for (const status of CLOSED)
        expect(hours.items.reduce((sum, group) => sum + group.counts[status], 0)).toBe(counts[status])
      seen.add(JSON.stringify(counts))
    }
    open = false
    await Promise.all(writers)
    expect(seen.size).toBeGreaterThan(3)
  })

  it('count the hundred largest tags one by one and add up the rest', async () => {
    const cells = Array.from({ length: 130 }, (_, i) => ['901', `tag ${String(i).padStart(3, '0')}`] as const)
    await insertMailing(database, { id: 1, messages: 260 + 20, firstMessageId: 130, cells })
    const { tags, operators, counts } = await statisticsOf(1)
    expect(tags.items).toHaveLength(100)
    expect(tags.items[0]).toMatchObject({ key: 'tag 000', total: 3 })
    expect(tags.items.at(-1)).toMatchObject({ key: 'tag 099', total: 2 })
    expect(tags.rest).toEqual({ total: 60, counts: { ...counts, pending: 60 } })
    expect(operators).toEqual({ items: [{ key: '901', total: 280, counts }], rest: null })
  })

  it('estimate the finish from what was sent in the last full minutes', async () => {
    await insertMailing(database, { id: 1, messages: 400, firstMessageId: 1, startedMinutesAgo: 30 })
    const thisMinuteMs = Math.floor((await readDatabaseTimeMs(database)) / MINUTE_MS) * MINUTE_MS
    const send = (fromId: number, count: number, atMs: number) =>
      apply(
        Array.from({ length: count }, (_, i) => ({ messageId: fromId + i, to: 'sent' as const })),
        atMs,
      )
    await send(1, 20, thisMinuteMs - 7 * MINUTE_MS)
    await send(21, 75, thisMinuteMs - 2 * MINUTE_MS)
    await send(96, 75, thisMinuteMs - 3 * MINUTE_MS)
    const { asOfMs, value } = await readMailingStatistics(database, 1)
    // A minute may have passed meanwhile, which moves nothing out of the last five.
    expect(value).toMatchObject({ ratePerSecond: 0.5, estimatedFinishMs: asOfMs + 230 / 0.0005 })
    await sql`update mailing set status = 'paused'`.execute(database.kysely)
    expect(await statisticsOf(1)).toMatchObject({ status: 'paused', estimatedFinishMs: null })
  })

  it('say how much of the audience has its messages already', async () => {
    await insertMailing(database, { id: 1, messages: 30, firstMessageId: 1 })
    expect(await statisticsOf(1)).toMatchObject({ materialised: true, materialisedShare: 1 })
    await sql`update mailing set materialised_at = null, audience_through = 120`.execute(database.kysely)
    expect(await statisticsOf(1)).toMatchObject({ materialised: false, materialisedShare: 0.25, total: 30 })
    await sql`update mailing set audience_through = null, started_at = null, status = 'draft'`.execute(
      database.kysely,
    )
    expect(await statisticsOf(1)).toMatchObject({ materialisedShare: 0, ratePerSecond: null })
  })

  it('stay when the mailing is deleted, and list it on demand', async () => {
    await insertMailing(database, { id: 1, messages: 30, firstMessageId: 1 })
    await insertMailing(database, { id: 2, messages: 5, firstMessageId: 100 })
    await sql`update mailing set deleted_at = now() where id = 1`.execute(database.kysely)
    expect(await statisticsOf(1)).toMatchObject({ total: 30, deletedAtMs: expect.any(Number) })
    expect(await statisticsOf(2)).toMatchObject({ deletedAtMs: null })
    const listed = async (options: { name?: string; deleted?: boolean }) =>
      (await listMailingOverview(database, { limits: items(5), ...options })).value.items.map(({ id }) => id)
    expect(await listed({})).toEqual([2])
    expect(await listed({ deleted: true })).toEqual([2, 1])
    expect(await listed({ deleted: true, name: 'mailing 1' })).toEqual([1])
    await sql`update mailing set test_of = 1 where id = 2`.execute(database.kysely)
    expect(await listed({ deleted: true })).toEqual([1])
    expect(await statisticsOf(2)).toMatchObject({ testOf: 1, total: 5 })
  })

  it('list mailings, the newest first, page after page, without deleted ones', async () => {
    expect((await listMailingOverview(database, { limits: items(5) })).value.items).toEqual([])
    for (const id of [1, 2, 3, 4])
      await insertMailing(database, { id, messages: id, firstMessageId: id * 10 })
    await sql`update mailing set deleted_at = now() where id = 3`.execute(database.kysely)
    const first = await listMailingOverview(database, { limits: items(2) })
    expect(first.value.items).toMatchObject([
      { id: 4, name: 'Mailing 4', status: 'running', total: 4, counts: { pending: 4, sent: 0 } },
      { id: 2, total: 2 },
    ])
    expect(first.asOfMs).toBeGreaterThan(Date.now() - 60_000)
    expect(first.value.more).toBe(true)
    const last = await listMailingOverview(database, { limits: items(2), beforeId: 2 })
    expect(last.value).toMatchObject({ items: [{ id: 1 }], more: false })
    await sql`update mailing set status = 'paused' where id in (1, 3)`.execute(database.kysely)
    const paused = await listMailingOverview(database, { limits: items(2), status: 'paused' })
    expect(paused.value.items).toMatchObject([{ id: 1, status: 'paused' }])
    const bounded = { ...database, maxScanRows: 6 }
    await expect(listMailingOverview(bounded, { limits: items(2) })).rejects.toMatchObject({
      code: 'query_too_slow',
    })
    expect((await listMailingOverview(bounded, { limits: items(1) })).value.items).toHaveLength(1)
    expect((await readMailingStatistics(database, 3)).value).toMatchObject({ id: 3, total: 3 })
    expect((await readMailingStatistics(database, 99)).value).toBeUndefined()
  })
})
