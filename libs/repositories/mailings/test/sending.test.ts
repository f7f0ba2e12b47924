import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import { randomUUID } from 'node:crypto'
import { ensurePartitions } from '@runnel/repositories-database'
import { beginBlocks } from '../src/sending/begin-blocks.ts'
import { claimChunks, type ClaimChunksOptions, type ClaimedChunk } from '../src/sending/claim-chunks.ts'
import { claimRetries } from '../src/sending/claim-retries.ts'
import { recordResults } from '../src/sending/record-results.ts'
import { releaseChunks } from '../src/sending/release-chunks.ts'
import { releaseRetries } from '../src/sending/release-retries.ts'
import { renewLeases } from '../src/sending/renew-leases.ts'
import type { SendRecord } from '../src/sending/send-types.ts'
import { countStatuses } from './message-rows.ts'
import {
  ENGINES,
  itConcurrently,
  openTestDatabase,
  type OpenTestDatabase,
} from '@runnel/repositories-database/testing'
import { firstMessageOf, insertSendRows, NOON_MS, SEND_TABLES } from './sending-rows.ts'

const LEASE_MS = 60_000
const FIRST = firstMessageOf(1)

describe.each(ENGINES)('sending on %s', (engine) => {
  let database: OpenTestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(engine)
    await ensurePartitions(database, [NOON_MS])
  })
  afterAll(() => database.drop())
  beforeEach(() => sql`truncate ${sql.raw(SEND_TABLES)} restart identity cascade`.execute(database.kysely))

  const options = (more: Partial<ClaimChunksOptions> = {}): ClaimChunksOptions => ({
    owner: 'test',
    token: randomUUID(),
    leaseMs: LEASE_MS,
    limit: 10,
    nowMs: NOON_MS,
    sendTimeoutMs: 10_000,
    ...more,
  })
  const claim = (more?: Partial<ClaimChunksOptions>) => claimChunks(database, options(more))
  const retries = (more?: Partial<ClaimChunksOptions>) => claimRetries(database, options(more))
  const begin = (chunk: ClaimedChunk, token: string, throughId: number, nowMs = NOON_MS) =>
    beginBlocks(database, [{ chunkId: chunk.id, token, afterId: chunk.firstMessageId - 1, throughId }], {
      nowMs,
      sendTimeoutMs: 10_000,
      leaseLeftMs: 11_000,
    })
  const record = (records: readonly SendRecord[]) =>
    recordResults(database, records, { nowMs: NOON_MS, slot: 0 })
  const run = (text: string) => sql.raw(text).execute(database.kysely)
  const chunkRow = async () =>
    (await database.kysely.selectFrom('send_chunk').selectAll().orderBy('id').execute())[0]!
  const endLeases = async () => {
    await run(
      `update send_chunk set leased_until = clock_timestamp() - interval '1 s' where lease_token is not null`,
    )
    await run(
      `update retry set leased_until = clock_timestamp() - interval '1 s' where lease_token is not null`,
    )
  }
  /** A claimed chunk of ten messages, five of which are begun. */
  const startHalf = async () => {
    await insertSendRows(database)
    const token = randomUUID()
    const chunk = (await claim({ token }))[0]!
    await begin(chunk, token, FIRST + 4)
    return { chunk, token, lease: { token, chunkId: chunk.id } }
  }
  const outcome = (
    messageId: number,
    to: SendRecord['to'],
    lease: SendRecord['lease'],
    more = {},
  ): SendRecord => ({
    messageId,
    mailingId: 1,
    to,
    lease,
    attempts: 1,
    attempt: { startedAtMs: NOON_MS, durationMs: 12.4, outcome: 'accepted', httpStatus: 200, gatewayCode: 0 },
    ...more,
  })
  afterEachStatisticsAgree(() => database)

  it('leases a chunk to one, until the lease is over', async () => {
    await insertSendRows(database)
    const [chunk] = await claim()
    expect(chunk).toEqual({
      id: 1,
      mailingId: 1,
      timeZone: 'Europe/Moscow',
      firstMessageId: FIRST,
      lastMessageId: FIRST + 9,
      startedThrough: FIRST - 1,
      ratePerSecond: null,
    })
    expect(await claim()).toEqual([])
    await endLeases()
    expect(await claim()).toEqual([chunk])
  })

  it.each([
    ['12:00:10', 0],
    ['12:00:30', 1],
  ])(
    'leases a chunk only if its window is open for as long as an attempt takes: %s',
    async (until, count) => {
      await insertSendRows(database)
      await run(`update mailing_zone set open_until = '2026-03-01T${until}Z'`)
      expect(await claim()).toHaveLength(count)
    },
  )

  it('sends in the first half of a window that is hardly longer than an attempt', async () => {
    await insertSendRows(database)
    const move = (from: string, until: string) =>
      run(`update mailing_zone set open_from = '2026-03-01T${from}Z', open_until = '2026-03-01T${until}Z'`)
    await move('11:59:56', '12:00:04')
    expect(await claim()).toEqual([])
    await move('11:59:57', '12:00:05')
    expect(await claim()).toHaveLength(1)
  })

  it.each([
    ['is paused', `update mailing set status = 'paused'`],
    ['is deleted', `update mailing set deleted_at = now()`],
    ['has not begun', `update mailing set starts_at = '2026-03-01T12:00:01Z'`],
    ['ends before an attempt would', `update mailing set ends_at = '2026-03-01T12:00:10Z'`],
    ['is over', `update mailing set ends_at = '2026-03-01T11:00:00Z'`],
  ])('claims and begins nothing of a mailing that %s', async (_name, change) => {
    await insertSendRows(database, { chunks: 2 })
    const token = randomUUID()
    const [chunk] = await claim({ token, limit: 1 })
    await record([outcome(FIRST + 9, 'retry', { token, chunkId: chunk!.id }, { dueAtMs: NOON_MS })])
    await run(change)
    expect(await begin(chunk!, token, FIRST + 4)).toEqual([])
    expect((await chunkRow()).started_through).toBe(FIRST - 1)
    expect(await claim()).toEqual([])
    expect(await retries()).toEqual([])
  })

  it('claims nothing where the window is closed, nor of mailings to avoid', async () => {
    await insertSendRows(database, { open: false })
    await insertSendRows(database, { mailingId: 2 })
    expect((await claim({ avoid: [2] })).length).toBe(0)
    expect((await claim()).map(({ mailingId }) => mailingId)).toEqual([2])
  })

  it('lets mailings take turns, counting what the caller holds', async () => {
    await insertSendRows(database, { mailingId: 1, chunks: 50 })
    await insertSendRows(database, { mailingId: 2, chunks: 2 })
    await insertSendRows(database, { mailingId: 3, chunks: 50 })
    const mailings = async (held?: Map<number, number>) =>
      (await claim({ limit: 4, ...(held && { held }) })).map(({ mailingId }) => mailingId).sort()
    expect(
      await mailings(
        new Map([
          [1, 3],
          [3, 1],
        ]),
      ),
    ).toEqual([2, 2, 3, 3])
    expect(await mailings()).toEqual([1, 1, 3, 3])
  })

  it('gives what was leased by a claim without an answer out again, as not started', async () => {
    const { chunk, lease } = await startHalf()
    await record([outcome(FIRST, 'retry', lease, { dueAtMs: NOON_MS })])
    const lost = randomUUID()
    await retries({ token: lost })
    expect(await retries()).toEqual([])
    const [again] = await retries({ lostTokens: [lost] })
    expect(again?.recipients.length).toBe(1)
    expect(again?.startedBefore.size).toBe(0)
    expect(await claim({ lostTokens: [lease.token] })).toEqual([{ ...chunk, startedThrough: FIRST + 4 }])
  })

  it('begins a block with the mailing, the messages and their clients as they are at that moment', async () => {
    await insertSendRows(database)
    const token = randomUUID()
    const [chunk] = await claim({ token })
    await run(
      `update mailing set template = 'bye', version = 2, window_from = 600, window_to = 60, rate_per_second = 5`,
    )
    await run(`update client set attributes = '{"name":"Ann"}', time_zone = 'Asia/Omsk' where id = ${FIRST}`)
    await run(`update client set opted_out_at = now() where id = ${FIRST + 1}`)
    await run(`delete from client where id = ${FIRST + 2}`)
    const [block] = await begin(chunk!, token, FIRST + 2)
    expect(block!.mailing).toEqual({
      id: 1,
      version: 2,
      template: 'bye',
      window: { from: 600, to: 60 },
      endsAtMs: Date.parse('2026-12-31T00:00:00Z'),
      ratePerSecond: 5,
    })
    const client = { operatorCode: '901', tag: 'vip' }
    const zone = 'Europe/Moscow'
    const message = (n: number) => ({ messageId: FIRST + n, clientId: FIRST + n, attempts: 0, refusals: 0 })
    expect(block!.recipients).toEqual([
      {
        ...message(0),
        client: {
          ...client,
          phone: 79010000000 + FIRST,
          timeZone: 'Asia/Omsk',
          attributes: { name: 'Ann' },
          optedOut: false,
        },
      },
      {
        ...message(1),
        client: { ...client, phone: 79010000001 + FIRST, timeZone: zone, attributes: {}, optedOut: true },
      },
      { ...message(2), client: undefined },
    ])
    expect((await chunkRow()).started_through).toBe(FIRST + 2)
  })

  it('takes a client for opted out of whom the suppression list alone says so', async () => {
    await insertSendRows(database)
    await run(`insert into suppression (phone, reason, source, actor)
      select phone, 'r', 'api', 'a' from client where id = ${FIRST}`)
    const token = randomUUID()
    const [chunk] = await claim({ token })
    const [block] = await begin(chunk!, token, FIRST + 1)
    expect(block!.recipients.map(({ client }) => client?.optedOut)).toEqual([true, false])
    await run('truncate suppression')
  })

  it('counts for the next attempt how often a message was refused for what it is, until it is recorded anew', async () => {
    const { lease } = await startHalf()
    const toRetry = (n: number, more: Partial<SendRecord>): SendRecord => ({
      ...{ messageId: FIRST + n, mailingId: 1, to: 'retry', dueAtMs: NOON_MS, lease },
      ...more,
    })
    await record([toRetry(0, { refusals: 2 }), toRetry(1, {})])
    const token = randomUUID()
    const refusals = async (more?: Partial<ClaimChunksOptions>) => {
      const [claimed] = await retries(more)
      return claimed!.recipients.map((recipient) => recipient.refusals)
    }
    expect(await refusals({ token })).toEqual([2, 0])
    await record([
      toRetry(0, { refusals: 3, lease: { token } }),
      toRetry(1, { refusals: 0, lease: { token } }),
    ])
    expect(await refusals()).toEqual([3, 0])
  })

  it('begins nothing under a lease that has ended, is about to end or belongs to another replica', async () => {
    await insertSendRows(database)
    const token = randomUUID()
    const [chunk] = await claim({ token, leaseMs: 10_000 })
    expect(await begin(chunk!, token, FIRST)).toEqual([])
    await endLeases()
    expect(await begin(chunk!, token, FIRST)).toEqual([])
    await claim()
    expect(await begin(chunk!, token, FIRST)).toEqual([])
    expect((await chunkRow()).started_through).toBe(FIRST - 1)
  })

  it('never takes started_through back by a block that was begun before', async () => {
    const { chunk, token } = await startHalf()
    await begin(chunk, token, FIRST + 1)
    expect((await chunkRow()).started_through).toBe(FIRST + 4)
  })

  it('renews only leases of the caller that have not ended', async () => {
    const { chunk, token } = await startHalf()
    const leases = [{ chunkId: chunk.id, token }]
    expect(await renewLeases(database, leases, LEASE_MS)).toEqual(new Set([chunk.id]))
    expect(await renewLeases(database, [{ chunkId: chunk.id, token: randomUUID() }], LEASE_MS)).toEqual(
      new Set(),
    )
    await endLeases()
    expect(await renewLeases(database, leases, LEASE_MS)).toEqual(new Set())
  })

  it('gives a chunk back with exactly what was started, and closes it once nothing is pending', async () => {
    const { chunk, token, lease } = await startHalf()
    await record([0, 1].map((n) => outcome(FIRST + n, 'sent', lease)))
    const release = { chunkId: chunk.id, token, startedThrough: FIRST + 1 }
    expect(await releaseChunks(database, [release])).toBe(0)
    expect(await chunkRow()).toMatchObject({ started_through: FIRST + 1, lease_token: null, closed_at: null })
    const next = randomUUID()
    await claim({ token: next })
    await begin(chunk, next, FIRST + 9)
    await record(Array.from({ length: 10 }, (_, n) => outcome(FIRST + n, 'sent', { ...lease, token: next })))
    expect(await releaseChunks(database, [release])).toBe(0)
    expect(await releaseChunks(database, [{ ...release, token: next, startedThrough: FIRST + 9 }])).toBe(1)
    expect(await releaseChunks(database, [{ ...release, token: next, startedThrough: FIRST + 9 }])).toBe(0)
    expect((await chunkRow()).closed_at).toEqual(expect.any(Date))
    expect(await claim()).toEqual([])
  })

  it('records statuses and attempts once, however often they are given', async () => {
    const { lease } = await startHalf()
    const records = [
      outcome(FIRST, 'sent', lease),
      outcome(FIRST + 1, 'failed', lease, {
        reason: 'http_400',
        attempt: { startedAtMs: NOON_MS, durationMs: 1, outcome: 'rejected', httpStatus: 400, detail: 'bad' },
      }),
      outcome(FIRST + 2, 'cancelled', lease, {
        reason: 'opted_out',
        attempts: undefined,
        attempt: undefined,
      }),
    ]
    expect((await record(records)).length).toBe(3)
    expect(await record(records)).toEqual([])
    const columns = [
      'mailing_id',
      'message_id',
      'number',
      'started_at',
      'duration_ms',
      'outcome',
      'http_status',
    ] as const
    const attempts = await database.kysely
      .selectFrom('attempt')
      .select([...columns, 'gateway_code', 'detail'])
      .orderBy('message_id')
      .execute()
    const at = { mailing_id: 1, number: 1, started_at: new Date(NOON_MS) }
    expect(attempts).toEqual([
      {
        ...at,
        message_id: FIRST,
        duration_ms: 12,
        outcome: 'accepted',
        http_status: 200,
        gateway_code: 0,
        detail: null,
      },
      {
        ...at,
        message_id: FIRST + 1,
        duration_ms: 1,
        outcome: 'rejected',
        http_status: 400,
        gateway_code: null,
        detail: 'bad',
      },
    ])
    expect((await countStatuses(database)).messages).toEqual({ pending: 7, sent: 1, failed: 1, cancelled: 1 })
  })

  it('records the yes of a fenced worker, and nothing else of it but attempts', async () => {
    const { lease } = await startHalf()
    await endLeases()
    await claim()
    await record([
      outcome(FIRST, 'sent', lease),
      outcome(FIRST + 1, 'retry', lease),
      outcome(FIRST + 2, 'failed', lease),
    ])
    expect((await countStatuses(database)).messages).toEqual({ pending: 9, sent: 1 })
    expect((await database.kysely.selectFrom('attempt').selectAll().execute()).length).toBe(3)
  })

  it('accepts results of a worker after its lease has ended, while no other replica has leased the chunk', async () => {
    const { lease } = await startHalf()
    await endLeases()
    await record([outcome(FIRST, 'retry', lease, { dueAtMs: NOON_MS })])
    expect((await countStatuses(database)).messages).toEqual({ pending: 9, retry: 1 })
    // It held on to the chunk while it wrote.
    expect(await claim()).toEqual([])
  })

  it('does not free the next attempt of a message by repeating what became of the last', async () => {
    const { lease } = await startHalf()
    const refused = outcome(FIRST, 'retry', lease, { dueAtMs: NOON_MS })
    await record([refused])
    const [claimed] = await retries()
    expect(claimed!.recipients).toEqual([expect.objectContaining({ messageId: FIRST, attempts: 1 })])
    await record([refused])
    expect(await retries()).toEqual([])
  })

  it('leases due messages one by one, and knows those that were leased before', async () => {
    const { lease } = await startHalf()
    await record([0, 1, 2].map((n) => outcome(FIRST + n, 'retry', lease, { dueAtMs: NOON_MS + n * 1000 })))
    expect(await retries({ nowMs: NOON_MS - 1 })).toEqual([])
    const token = randomUUID()
    const [two] = await retries({ token, nowMs: NOON_MS + 1000 })
    expect(two!.recipients.map(({ messageId }) => messageId)).toEqual([FIRST, FIRST + 1])
    expect(two!.startedBefore.size).toBe(0)
    await releaseRetries(database, token, [FIRST + 1])
    await endLeases()
    const [three] = await retries({ nowMs: NOON_MS + 2000 })
    expect(three!.recipients.length).toBe(3)
    expect([...three!.startedBefore]).toEqual([FIRST])
    await releaseRetries(database, token, [FIRST])
    expect(await retries({ nowMs: NOON_MS + 2000 })).toEqual([])
    const late = outcome(FIRST, 'failed', { token }, { attempts: 2, attempt: undefined })
    expect(await record([late])).toEqual([])
    expect(await record([{ ...late, to: 'sent' }])).toEqual([{ messageId: FIRST, from: 'retry', to: 'sent' }])
  })

  it('still knows what may have been sent after it was leased again and given back unsent', async () => {
    const { lease } = await startHalf()
    await record([outcome(FIRST, 'retry', lease, { dueAtMs: NOON_MS })])
    await retries()
    await endLeases()
    const token = randomUUID()
    expect([...(await retries({ token }))[0]!.startedBefore]).toEqual([FIRST])
    await releaseRetries(database, token, [FIRST])
    expect([...(await retries())[0]!.startedBefore]).toEqual([FIRST])
  })

  const concurrently = itConcurrently(engine)
  concurrently('gives each chunk to one of many who claim at the same time, and leaves none', async () => {
    await insertSendRows(database, { chunks: 80, perChunk: 1 })
    const claims = await Promise.all(Array.from({ length: 8 }, () => claim({ limit: 10 })))
    const got = claims.flat().map(({ id }) => id)
    expect(new Set(got).size).toBe(got.length)
    expect(got.length + (await claim({ limit: 80 })).length).toBe(80)
  })
})

/** At the end of every test, the statistics equal a COUNT. */
function afterEachStatisticsAgree(database: () => OpenTestDatabase): void {
  afterEach(async () => {
    const { statistics, messages } = await countStatuses(database())
    expect(statistics).toEqual(messages)
  })
}
