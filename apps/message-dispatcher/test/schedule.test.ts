import { afterEach, describe, expect, it } from '@jest/globals'
import { connectDatabase, type Database } from '@runnel/repositories-database'
import {
  beginBlocks,
  claimChunks,
  type ClaimedChunk,
  findMismatches,
  recordResults,
  releaseChunks,
} from '@runnel/repositories-mailings'
import { eventually } from '@runnel/testing'
import { sql } from 'kysely'
import { randomUUID } from 'node:crypto'
import { startSchedule, type TestSchedule } from './start-schedule.ts'

const NOON_MS = Date.parse('2026-03-01T12:00:00Z')
const HOUR_MS = 3_600_000

const UNREACHABLE = 'the database is unreachable; the schedule waits for it'
const REACHABLE = 'the database is reachable again'

let test: TestSchedule
afterEach(() => test.stop())

interface Mailing {
  readonly startMs?: number
  readonly endMs?: number
  readonly status?: 'scheduled' | 'draft'
  readonly window?: { from: number; to: number }
}

async function insertMailing({ kysely }: Database, mailing: Mailing = {}): Promise<number> {
  const { startMs = NOON_MS, endMs = NOON_MS + HOUR_MS, status = 'scheduled', window } = mailing
  const { rows } = await sql<{ id: number }>`
    insert into mailing (status, starts_at, ends_at, template, window_from, window_to)
    values (${status}, ${new Date(startMs)}, ${new Date(endMs)}, 'x', ${window?.from ?? null}, ${window?.to ?? null})
    returning id`.execute(kysely)
  return rows[0]!.id
}

/** @param zones each gets `each` clients */
async function insertClients({ kysely }: Database, zones: readonly string[], each: number): Promise<void> {
  await sql`
    insert into client (phone, operator_code, time_zone)
    select 79000000000 + row_number() over (), '901', zone
    from unnest(${[...zones]}::text[]) zone, generate_series(1, ${each}::int)`.execute(kysely)
}

async function readMailing({ kysely }: Database, id: number) {
  return kysely.selectFrom('mailing').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
}

async function countMessages({ kysely }: Database, mailingId: number) {
  const { rows } = await sql<{ status: string; n: number }>`
    select status, count(*)::int as n from message where mailing_id = ${mailingId} group by 1`.execute(kysely)
  return Object.fromEntries(rows.map(({ status, n }) => [status, n]))
}

const has = (id: number, expected: object) =>
  eventually(async () => expect(await readMailing(test.database, id)).toMatchObject(expected) ?? true)

/** What a worker would lease at this moment. */
async function claim(): Promise<{ token: string; chunks: ClaimedChunk[] }> {
  const token = randomUUID()
  const chunks = await claimChunks(test.database, {
    ...{ token, owner: 'test', leaseMs: 60_000, limit: 100, sendTimeoutMs: 10_000 },
    nowMs: test.clock.nowMs(),
  })
  return { token, chunks }
}

describe('the schedule', () => {
  it('starts a due mailing at once, creates its messages, and opens its zones', async () => {
    test = await startSchedule(NOON_MS)
    test.run()
    await insertClients(test.database, ['Europe/Moscow', 'Asia/Tokyo'], 2000)
    const id = await insertMailing(test.database)
    test.wake.notify()
    await has(id, { status: 'running', materialised_at: new Date(NOON_MS), message_count: 4000 })
    await eventually(async () => (await claim()).chunks.length === 8)
    expect(await findMismatches(test.database, id)).toEqual([])
  })

  it('starts a mailing when its time has come, without a notice', async () => {
    test = await startSchedule(NOON_MS)
    const id = await insertMailing(test.database, { startMs: NOON_MS + 50 })
    const draft = await insertMailing(test.database, { status: 'draft' })
    test.run()
    await eventually(() => test.database.kysely.selectFrom('mailing').select('id').execute())
    expect(await readMailing(test.database, id)).toMatchObject({ status: 'scheduled' })
    test.clock.advance(50)
    await has(id, { status: 'completed', started_at: new Date(NOON_MS + 50) })
    expect(await readMailing(test.database, draft)).toMatchObject({ status: 'draft' })
  })

  it('catches up after downtime, and sends nothing of a mailing that has ended', async () => {
    test = await startSchedule(NOON_MS)
    await insertClients(test.database, ['Europe/Moscow'], 3)
    const late = await insertMailing(test.database, { startMs: NOON_MS - 5 * HOUR_MS })
    const over = await insertMailing(test.database, { startMs: NOON_MS - 5 * HOUR_MS, endMs: NOON_MS })
    test.run()
    await has(late, { status: 'running', message_count: 3 })
    await has(over, { status: 'expired', started_at: null, settled_at: new Date(NOON_MS), message_count: 0 })
  })

  it('continues where a stopped replica left off, among several others', async () => {
    test = await startSchedule(NOON_MS)
    await insertClients(test.database, ['Europe/Moscow', 'Asia/Tokyo'], 1000)
    const id = await insertMailing(test.database)
    const drain = test.run({ materialiseClients: 20 })
    await eventually(async () => (await readMailing(test.database, id)).message_count > 0)
    await drain()
    const left = await readMailing(test.database, id)
    expect(left.materialised_at).toBeNull()
    test.run({ materialiseClients: 30, intervalMs: 10 })
    test.run({ materialiseClients: 70, intervalMs: 10 })
    await has(id, { message_count: 2000, materialised_at: new Date(NOON_MS) })
    const { rows } = await sql`
      select count(*)::int as messages, count(distinct client_id)::int as clients from message`.execute(
      test.database.kysely,
    )
    expect(rows).toEqual([{ messages: 2000, clients: 2000 }])
    expect(await findMismatches(test.database, id)).toEqual([])
    expect(test.lines.filter(({ message }) => message === 'mailing started')).toHaveLength(1)
  })

  it('settles what is left at the end, once no worker holds it', async () => {
    test = await startSchedule(NOON_MS)
    await insertClients(test.database, ['Europe/Moscow', 'Asia/Tokyo'], 10)
    const id = await insertMailing(test.database)
    test.run({ intervalMs: 10 })
    await has(id, { message_count: 20 })
    const { token, chunks } = await eventually(async () => {
      const claimed = await claim()
      return claimed.chunks.length > 0 && claimed
    })
    test.clock.set(NOON_MS + HOUR_MS)
    await has(id, { status: 'expired', settled_at: null })
    expect(await countMessages(test.database, id)).toEqual({ pending: 20 })
    const leases = chunks.map(({ id: chunkId, firstMessageId }) => {
      return { chunkId, token, startedThrough: firstMessageId - 1 }
    })
    await releaseChunks(test.database, leases)
    await has(id, { settled_at: new Date(NOON_MS + HOUR_MS) })
    expect(await countMessages(test.database, id)).toEqual({ expired: 20 })
    expect((await test.metrics.metrics()).split('\n')).toEqual(
      expect.arrayContaining([
        'runnel_mailings_total{event="settled",app="message-dispatcher"} 1',
        'runnel_messages_total{status="expired",app="message-dispatcher"} 20',
      ]),
    )
  })

  it('completes a mailing whose worker died after its last result, though its window is closed', async () => {
    test = await startSchedule(NOON_MS)
    await insertClients(test.database, ['Europe/London'], 1)
    const id = await insertMailing(test.database, { window: { from: 720, to: 721 } })
    test.run({ checkIntervalMs: 20 })
    const { token, chunks } = await eventually(async () => {
      const claimed = await claim()
      return claimed.chunks.length > 0 && claimed
    })
    const { id: chunkId, firstMessageId: messageId } = chunks[0]!
    const record = { messageId, mailingId: id, to: 'sent' as const, lease: { token, chunkId } }
    await recordResults(test.database, [record], { nowMs: NOON_MS, slot: 0 })
    test.clock.advance(60_000)
    expect((await readMailing(test.database, id)).status).toBe('running')
    await sql`update send_chunk set leased_until = clock_timestamp()`.execute(test.database.kysely)
    await has(id, { status: 'completed' })
  })

  it('repairs wrong statistics, at intervals and when a mailing ends, and logs it', async () => {
    test = await startSchedule(NOON_MS)
    await insertClients(test.database, ['Europe/Moscow'], 10)
    const id = await insertMailing(test.database)
    const drain = test.run({ checkIntervalMs: 20 })
    await has(id, { message_count: 10 })
    const spoil = () =>
      sql`update mailing_stat set count = count + 7 where mailing_id = ${id} and status = 'pending'`.execute(
        test.database.kysely,
      )
    const repaired = (count: number) =>
      eventually(async () => {
        const text = await test.metrics.metrics()
        return text.includes(`runnel_mailing_statistics_mismatches_total{app="message-dispatcher"} ${count}`)
      })
    await spoil()
    await repaired(1)
    await drain()
    expect(await findMismatches(test.database, id)).toEqual([])
    await spoil()
    test.clock.set(NOON_MS + HOUR_MS)
    test.run()
    await has(id, { settled_at: new Date(NOON_MS + HOUR_MS) })
    await eventually(async () => (await findMismatches(test.database, id)).length === 0)
    const wrong = test.lines.filter(({ level }) => level === 'error')
    expect(wrong.map(({ fields }) => fields)).toEqual([
      expect.objectContaining({ mailingId: id, count: 1 }),
      expect.objectContaining({ mailingId: id, count: 1 }),
    ])
  })

  it('logs an outage of the database once, and continues after it', async () => {
    let isUnreachable = true
    test = await startSchedule(NOON_MS, (url) => {
      const options = { applicationName: 'test', poolSize: 4, statementTimeoutMs: 10_000 }
      const good = connectDatabase({ url, ...options })
      const unreachable = connectDatabase({ url: 'postgresql://unknown@127.0.0.1:1/none', ...options })
      return {
        sessions: good.kysely,
        canCopy: true,
        connections: 1,
        get kysely() {
          return isUnreachable ? unreachable.kysely : good.kysely
        },
        close: async () => void (await Promise.all([good.close(), unreachable.close()])),
      }
    })
    test.run({ intervalMs: 10 })
    await eventually(async () => {
      const text = await test.metrics.metrics()
      return Number(/runnel_mailing_schedule_failures_total\{.*\} (\d+)/.exec(text)?.[1]) > 20
    })
    isUnreachable = false
    const id = await insertMailing(test.database)
    await has(id, { status: 'completed' })
    const logged = (text: string) => test.lines.filter(({ message }) => message === text).length
    // The loop logs it, and so do its sweeps.
    expect(logged(UNREACHABLE)).toBeLessThanOrEqual(2)
    await eventually(() => logged(REACHABLE) === logged(UNREACHABLE))
  })

  it('has partitions for the attempts of today and tomorrow', async () => {
    const nowMs = Date.parse('2031-05-05T23:59:59Z')
    test = await startSchedule(nowMs)
    test.run()
    await eventually(async () => {
      const { rows } = await sql`
        select 1 from pg_class where relname in ('attempt_p20310505', 'attempt_p20310506')`.execute(
        test.database.kysely,
      )
      return rows.length === 2
    })
  })
})

describe('a mailing with a window', () => {
  /** Zones whose chunks could be leased at a moment; the leases are given back. */
  const openZones = async (time: string): Promise<string[]> => {
    test.clock.set(Date.parse(time))
    test.wake.notify()
    await eventually(async () => {
      const { rows } = await sql`
        select 1 from mailing_zone where open_until <= ${new Date(test.clock.nowMs())}`.execute(
        test.database.kysely,
      )
      return rows.length === 0
    })
    const { token, chunks } = await claim()
    const leases = chunks.map((c) => ({ chunkId: c.id, token, startedThrough: c.firstMessageId - 1 }))
    await releaseChunks(test.database, leases)
    return chunks.map(({ timeZone }) => timeZone.split('/')[1]!).sort()
  }
  const start = async (from: string, to: string, window: { from: number; to: number }) => {
    test = await startSchedule(Date.parse(from))
    await insertClients(test.database, ['Europe/London', 'America/New_York', 'Asia/Kolkata'], 3)
    const id = await insertMailing(test.database, {
      startMs: Date.parse(from),
      endMs: Date.parse(to),
      window,
    })
    test.run()
    test.run()
    await has(id, { status: 'running', message_count: 9 })
    return id
  }

  it('goes through both changes of the clocks of 2026 in London and New York', async () => {
    // From 01:30 to 03:00: New York leaps from 02:00 to 03:00 on 8 March, London from 01:00 to 02:00 on 29 March.
    await start('2026-03-07T12:00Z', '2026-11-30T00:00Z', { from: 90, to: 180 })
    const cases: [string, string[]][] = [
      ['2026-03-07T19:59Z', []],
      ['2026-03-07T20:00Z', ['Kolkata']],
      ['2026-03-08T06:29Z', []],
      ['2026-03-08T06:30Z', ['New_York']],
      ['2026-03-08T07:00Z', []],
      ['2026-03-09T06:59Z', ['New_York']],
      ['2026-03-29T00:59Z', []],
      ['2026-03-29T01:00Z', ['London']],
      ['2026-03-29T02:00Z', []],
      ['2026-03-30T00:30Z', ['London']],
      // In autumn the hour from 01:00 comes twice.
      ['2026-10-25T00:30Z', ['London']],
      ['2026-10-25T01:00Z', []],
      ['2026-10-25T01:30Z', ['London']],
      ['2026-10-25T02:59Z', ['London']],
      ['2026-10-25T03:00Z', []],
      ['2026-11-01T05:30Z', ['New_York']],
      ['2026-11-01T06:00Z', []],
      ['2026-11-01T06:30Z', ['New_York']],
      ['2026-11-01T08:00Z', []],
    ]
    for (const [time, zones] of cases) expect([time, await openZones(time)]).toEqual([time, zones])
  })

  it('ends inside of a window that crosses midnight: what was sent is sent, the rest expires', async () => {
    const id = await start('2027-03-27T12:00Z', '2027-03-28T01:30Z', { from: 22 * 60, to: 4 * 60 })
    expect(await openZones('2027-03-27T21:59Z')).toEqual(['Kolkata'])
    expect(await openZones('2027-03-27T22:30Z')).toEqual(['London'])
    const nowMs = test.clock.nowMs()
    const { token, chunks } = await claim()
    expect(chunks).toHaveLength(1)
    const { id: chunkId, firstMessageId, lastMessageId } = chunks[0]!
    const block = { chunkId, token, afterId: firstMessageId - 1, throughId: lastMessageId }
    const options = { nowMs, sendTimeoutMs: 10_000, leaseLeftMs: 0 }
    expect(await beginBlocks(test.database, [block], options)).toHaveLength(1)
    await recordResults(
      test.database,
      [firstMessageId, lastMessageId].map((messageId) => {
        return { messageId, mailingId: id, to: 'sent', lease: { token, chunkId } }
      }),
      { nowMs, slot: 0 },
    )
    await releaseChunks(test.database, [{ chunkId, token, startedThrough: lastMessageId }])
    // Within the time that an attempt may take, nothing is begun any more.
    expect(await openZones('2027-03-28T01:29:55Z')).toEqual([])
    test.clock.set(Date.parse('2027-03-28T01:30Z'))
    test.wake.notify()
    await has(id, { status: 'expired', settled_at: new Date('2027-03-28T01:30Z') })
    expect(await countMessages(test.database, id)).toEqual({ sent: 2, unknown: 1, expired: 6 })
    expect(await findMismatches(test.database, id)).toEqual([])
  })
})
