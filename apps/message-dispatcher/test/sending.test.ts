import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { eventually } from '@runnel/testing'
import { firstMessageOf, NOON_MS, openSendingDatabase, type SendingDatabase } from './sending-database.ts'
import type { SendStore } from '../src/sending/send-store.ts'
import {
  createFakeBreaker,
  startEngine,
  wrapStore,
  type TestEngine,
  type TestEngineOptions,
} from './sending-engine.ts'
import { createFakeGateway, YES, type FakeGateway } from './sending-gateway.ts'

const FIRST = firstMessageOf(1)

describe('sending', () => {
  let database: SendingDatabase
  let gateway: FakeGateway
  let nowMs: number
  let engines: TestEngine[]
  beforeEach(async () => {
    nowMs = NOON_MS
    engines = []
    database = await openSendingDatabase()
    gateway = createFakeGateway(() => nowMs)
  })
  afterEach(async () => {
    await Promise.all(engines.map((engine) => engine.drain()))
    await database.counts()
    await database.drop()
  })

  const start = (more: Partial<TestEngineOptions> = {}) => {
    const engine = startEngine({ database, channel: gateway, nowMs: () => nowMs, ...more })
    engines.push(engine)
    return engine
  }
  /** Waits for as long as a test may take: how long sending takes depends on the machine. */
  const settled = (expected: Record<string, number>) =>
    eventually(async () => expect(await database.counts()).toEqual(expected) ?? true)
  const message = async (n: number) => (await database.messages())[n]!

  it('sends every message once with its text and its attempt, and closes the chunks', async () => {
    await database.insertMailing({ chunks: 3, perChunk: 130, template: 'Hi {{ tag }} {{ phone }}' })
    start()
    await settled({ sent: 390 })
    await eventually(async () => (await database.openChunks()) === 0)
    expect(new Set(gateway.calls.map(({ id }) => id)).size).toBe(390)
    expect(gateway.calls.length).toBe(390)
    const phone = 79010000000 + FIRST
    expect(gateway.calls.find(({ id }) => id === FIRST)).toEqual({
      id: FIRST,
      phone,
      text: `Hi vip ${phone}`,
      atMs: NOON_MS,
    })
    const attempts = await database.kysely.selectFrom('attempt').selectAll().execute()
    expect(attempts.length).toBe(390)
    expect(attempts[0]).toMatchObject({ number: 1, outcome: 'accepted', http_status: 200, gateway_code: 0 })
    expect(gateway.peak).toBeLessThanOrEqual(16)
  })

  it('sends each message once although several replicas send', async () => {
    await database.insertMailing({ chunks: 20, perChunk: 20 })
    for (const owner of ['one', 'two', 'three']) start({ owner })
    await settled({ sent: 400 })
    expect(gateway.calls.length).toBe(400)
  })

  it('sends a small mailing while a huge one is under way', async () => {
    await database.insertMailing({ mailingId: 1, chunks: 40, perChunk: 500 })
    await database.insertMailing({ mailingId: 2, chunks: 1, perChunk: 20 })
    start({ options: { concurrency: 4 } })
    const lastOfSmall = () => gateway.calls.findIndex(({ id }) => id === firstMessageOf(2) + 19)
    await eventually(() => lastOfSmall() >= 0)
    expect(lastOfSmall()).toBeLessThan(5000)
  })

  it('sends only the begun blocks of a mailing that is paused, and continues when it is resumed', async () => {
    await database.insertMailing({ chunks: 1, perChunk: 500 })
    let release = () => {}
    const gate = new Promise<void>((resolve) => (release = resolve))
    gateway.answer = async () => {
      await gate
      return YES
    }
    start({ options: { concurrency: 4 } })
    await eventually(() => gateway.calls.length === 4)
    await database.run(`update mailing set status = 'paused'`)
    release()
    await eventually(async () => {
      const [chunk] = await database.kysely.selectFrom('send_chunk').selectAll().execute()
      return chunk?.lease_token === null
    })
    const sent = gateway.calls.length
    expect(sent).toBeLessThanOrEqual(128)
    const [chunk] = await database.kysely.selectFrom('send_chunk').selectAll().execute()
    expect(chunk!.started_through).toBe(FIRST + sent - 1)
    expect(await database.counts()).toEqual({ sent, pending: 500 - sent })
    await database.run(`update mailing set status = 'running'`)
    await settled({ sent: 500 })
    expect(gateway.calls.length).toBe(500)
  })

  it('sends nothing to clients that opted out, moved to a closed window, or were deleted since the messages were created', async () => {
    await database.insertMailing({ perChunk: 4 })
    await database.run(`update mailing set window_from = 540, window_to = 1200`)
    await database.run(`update client set opted_out_at = now() where id = ${FIRST}`)
    await database.run(`delete from client where id = ${FIRST + 1}`)
    await database.run(`update client set time_zone = 'America/Los_Angeles' where id = ${FIRST + 2}`)
    const engine = start()
    await settled({ cancelled: 2, retry: 1, sent: 1 })
    expect(await message(0)).toMatchObject({ status: 'cancelled', reason: 'opted_out', attempts: 0 })
    expect(await message(1)).toMatchObject({ status: 'cancelled', reason: 'client_deleted' })
    expect(await message(2)).toMatchObject({ status: 'retry', reason: 'window_closed', attempts: 0 })
    const [retry] = await database.kysely.selectFrom('retry').selectAll().execute()
    expect(retry!.due_at).toEqual(new Date('2026-03-02T17:00:00Z'))
    nowMs = Date.parse('2026-03-02T17:00:00Z')
    engine.wake()
    await settled({ cancelled: 2, sent: 2 })
    expect(gateway.calls.map(({ id }) => id)).toEqual([FIRST + 3, FIRST + 2])
  })

  it.each([
    ['closes', 60_000],
    ['would close before an attempt is over', 50_000],
  ])('gives a chunk back as a whole when its own window %s', async (_, passMs) => {
    await database.insertMailing({ perChunk: 100 })
    // 09:00 to 15:01 in Moscow: closes one minute after noon, UTC.
    await database.run(`update mailing set window_from = 540, window_to = 901`)
    gateway.answer = () => {
      if (gateway.calls.length === 10) {
        nowMs += passMs
        void database.run(`update mailing_zone set open_from = '2026-03-03T06:00:00Z'`)
      }
      return YES
    }
    start({ options: { concurrency: 1 } })
    await settled({ sent: 10, pending: 90 })
    await eventually(async () => {
      const [chunk] = await database.kysely.selectFrom('send_chunk').selectAll().execute()
      expect(chunk).toMatchObject({ lease_token: null, started_through: FIRST + 9, closed_at: null })
      return true
    })
    expect(await database.kysely.selectFrom('retry').selectAll().execute()).toEqual([])
  })

  it('sends nothing whose attempt might last beyond the end', async () => {
    await database.insertMailing({ perChunk: 100 })
    await database.run(`update mailing set ends_at = '2026-03-02T12:01:00Z'`)
    gateway.answer = () => {
      if (gateway.calls.length === 10) nowMs += 50_000
      return YES
    }
    start({ options: { concurrency: 1 } })
    await settled({ sent: 10, pending: 90 })
    await eventually(async () => {
      const [chunk] = await database.kysely.selectFrom('send_chunk').selectAll().execute()
      expect(chunk).toMatchObject({ lease_token: null, started_through: FIRST + 9 })
      return true
    })
    expect(gateway.calls.length).toBe(10)
  })

  it.each([
    ['sends again later', { outcome: 'refused', httpStatus: 503 }, 'retry', 'http_503'],
    [
      'sends again later',
      { outcome: 'refused', scope: 'message', httpStatus: 200, gatewayCode: 7 },
      'retry',
      'code_7',
    ],
    ['sends again later', { outcome: 'refused', httpStatus: 401, scope: 'account' }, 'retry', 'http_401'],
    ['sends again later', { outcome: 'unreached' }, 'retry', 'unreached'],
    ['sends again later', { outcome: 'uncertain' }, 'retry', 'uncertain'],
    ['gives up on', { outcome: 'rejected', httpStatus: 400, detail: 'no' }, 'failed', 'http_400'],
  ] as const)('%s a message that the gateway answers with %j', async (_name, answer, status, reason) => {
    await database.insertMailing({ perChunk: 1 })
    gateway.answer = () => answer
    start({ random: () => 0.5 })
    await settled({ [status]: 1 })
    expect(await message(0)).toMatchObject({ status, reason, attempts: 1 })
    if (status === 'failed') return
    const [retry] = await database.kysely.selectFrom('retry').selectAll().execute()
    expect(retry!.due_at).toEqual(new Date(NOON_MS + 500))
    gateway.answer = () => YES
    nowMs += 500
    await settled({ sent: 1 })
    expect(await message(0)).toMatchObject({ attempts: 2 })
    const numbers = await database.kysely.selectFrom('attempt').select('number').orderBy('number').execute()
    // Domain time stood still for the first one only.
    expect(numbers).toEqual([{ number: 1 }, { number: 2 }])
  })

  it('records an uncertain outcome as unknown where the gateway does not recognise repeats', async () => {
    await database.insertMailing({ perChunk: 1 })
    gateway.answer = () => ({ outcome: 'uncertain', arrived: true })
    start({ options: { deduplicates: false } })
    await settled({ unknown: 1 })
    expect(await message(0)).toMatchObject({ status: 'unknown', reason: 'uncertain', attempts: 1 })
  })

  it('does not send again before the time that the gateway asked for', async () => {
    await database.insertMailing({ perChunk: 1 })
    gateway.answer = () => ({ outcome: 'refused', httpStatus: 429, retryAfterMs: 30_000 })
    start({ random: () => 0.5 })
    await settled({ retry: 1 })
    const [retry] = await database.kysely.selectFrom('retry').selectAll().execute()
    expect(retry!.due_at).toEqual(new Date(NOON_MS + 30_500))
  })

  it('fails a message whose text cannot be rendered, with the reason', async () => {
    await database.insertMailing({
      perChunk: 2,
      template: '{% if attributes.name %}Hi {{ attributes.name }}{% endif %}',
    })
    await database.run(`update client set attributes = '{"name":"Ann"}' where id = ${FIRST}`)
    start()
    await settled({ sent: 1, failed: 1 })
    expect(await message(1)).toMatchObject({ status: 'failed', reason: 'text_empty', attempts: 0 })
    expect(gateway.calls[0]!.text).toBe('Hi Ann')
  })

  it('takes the rate of a mailing from the rates, and no more than is granted', async () => {
    await database.insertMailing({ perChunk: 100, ratePerSecond: 5 })
    let tokens = 7
    const rates = {
      take: (mailingId: number, rate: number | null, wanted: number) => {
        expect([mailingId, rate]).toEqual([1, 5])
        const granted = Math.min(tokens, wanted)
        tokens -= granted
        return Promise.resolve({ granted, retryInMs: 40 })
      },
      giveBack: (_mailingId: number, count: number) => void (tokens += count),
    }
    start({ rates })
    await settled({ sent: 7, pending: 93 })
    tokens = 20
    await settled({ sent: 27, pending: 73 })
    expect(gateway.calls.length).toBe(27)
  })

  it('gives everything back while the breaker is open, and writes nothing then', async () => {
    const breaker = createFakeBreaker()
    await database.insertMailing({ chunks: 5, perChunk: 60 })
    gateway.answer = () => {
      if (gateway.calls.length === 100) breaker.limit = 0
      return YES
    }
    const writes: string[] = []
    const store = (real: SendStore) =>
      wrapStore(real, (name, call, [first]) => {
        const isEmpty = Array.isArray(first) && first.length === 0
        if (!isEmpty) writes.push(name)
        return call()
      })
    start({ breaker, store, options: { concurrency: 1 } })
    await settled({ sent: 100, pending: 200 })
    const leased = database.kysely.selectFrom('send_chunk').select('id').where('lease_token', 'is not', null)
    await eventually(async () => (await leased.execute()).length === 0)
    writes.length = 0
    const { refreshes } = breaker
    await eventually(() => breaker.refreshes >= refreshes + 20)
    expect([writes, gateway.calls.length]).toEqual([[], 100])
    breaker.limit = Infinity
    await settled({ sent: 300 })
    expect(gateway.calls.length).toBe(300)
  })

  it('has one send under way while one is allowed', async () => {
    const breaker = createFakeBreaker()
    breaker.limit = 1
    await database.insertMailing({ chunks: 2, perChunk: 20 })
    start({ breaker })
    await settled({ sent: 40 })
    expect(gateway.peak).toBe(1)
  })

  it('records sends under way when it drains, and gives everything else back untouched', async () => {
    await database.insertMailing({ chunks: 10, perChunk: 100 })
    let release = () => {}
    const gate = new Promise<void>((resolve) => (release = resolve))
    gateway.answer = async ({ id }) => {
      await gate
      return id % 2 ? YES : { outcome: 'refused', httpStatus: 500 }
    }
    const engine = start()
    await eventually(() => gateway.calls.length === 16)
    const drained = engine.drain()
    release()
    await drained
    expect(gateway.calls.length).toBe(16)
    const { sent, retry, pending } = await database.counts()
    expect([sent! + retry!, pending]).toEqual([16, 984])
    const chunks = await database.kysely.selectFrom('send_chunk').selectAll().orderBy('id').execute()
    expect(chunks.every(({ lease_token }) => lease_token === null)).toBe(true)
    const started = chunks.reduce((sum, chunk) => sum + chunk.started_through - chunk.first_message_id + 1, 0)
    expect(started).toBe(16)
    const retries = await database.kysely.selectFrom('retry').selectAll().execute()
    expect(retries.every(({ lease_token }) => lease_token === null)).toBe(true)
  })
})
