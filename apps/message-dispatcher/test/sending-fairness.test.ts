import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createLogger } from '@runnel/observability'
import { eventually } from '@runnel/testing'
import { createSharedBreaker } from '../src/sending/breaker/shared-breaker.ts'
import type { ChannelBreaker } from '../src/sending/breaker/channel-breaker.ts'
import { firstMessageOf, NOON_MS, openSendingDatabase, type SendingDatabase } from './sending-database.ts'
import { startEngine, wrapStore, type TestEngine, type TestEngineOptions } from './sending-engine.ts'
import { createFakeGateway, YES, type Answer, type FakeGateway } from './sending-gateway.ts'

const A = 1
const B = 2
const [firstOfA, firstOfB] = [firstMessageOf(A), firstMessageOf(B)]

const CODE_17: Answer = { outcome: 'refused', scope: 'message', httpStatus: 200, gatewayCode: 17 }
const HTTP_500: Answer = { outcome: 'refused', scope: 'channel', httpStatus: 500 }

/** Ids and phones of the tests end alike. */
const endsInZero = ({ id }: { readonly id: number }) => id % 10 === 0

describe('mailings beside one whose messages are refused', () => {
  let database: SendingDatabase
  let gateway: FakeGateway
  let nowMs: number
  let engines: TestEngine[]
  let breaker: ChannelBreaker
  beforeEach(async () => {
    nowMs = NOON_MS
    engines = []
    database = await openSendingDatabase()
    gateway = createFakeGateway(() => nowMs)
    breaker = createSharedBreaker(
      { probeIntervalMs: 600_000, timeoutMs: 10_000, refreshMs: 0 },
      { database, clock: { nowMs: () => nowMs }, log: createLogger('test', 'silent') },
    )
  })
  afterEach(async () => {
    await Promise.all(engines.map((engine) => engine.drain()))
    await database.counts()
    await database.drop()
  })

  const start = (more: Partial<TestEngineOptions> = {}) => {
    const engine = startEngine({ database, channel: gateway, breaker, nowMs: () => nowMs, ...more })
    engines.push(engine)
    return engine
  }
  const callsOf = (mailingId: number) =>
    gateway.calls.filter(({ id }) => Math.floor(id / 1_000_000) === mailingId)
  const countsOf = async (mailingId: number) => {
    const rows = await database.kysely
      .selectFrom('message')
      .select(['status', ({ fn }) => fn.countAll<number>().as('count')])
      .where('mailing_id', '=', mailingId)
      .groupBy('status')
      .execute()
    return Object.fromEntries(rows.map(({ status, count }) => [status, Number(count)]))
  }
  const settled = (mailingId: number, expected: Record<string, number>) =>
    eventually(async () => expect(await countsOf(mailingId)).toEqual(expected) ?? true)

  it.each([
    ['code 17', CODE_17],
    ['500', HTTP_500],
  ])('are sent in full while some numbers are answered with %s again and again', async (_, refusal) => {
    await database.insertMailing({ mailingId: A, chunks: 10, perChunk: 500 })
    gateway.answer = (call) => (endsInZero(call) ? refusal : YES)
    const engine = start({ random: () => 0 })
    await eventually(async () => (await countsOf(A))['sent'] === 4500)
    // Its retries are always due.
    await eventually(() => gateway.calls.length > 5500)
    expect(breaker.state).toBe('closed')
    const before = gateway.calls.length
    await database.insertMailing({ mailingId: B, chunks: 6, perChunk: 500 })
    await database.run(`update message set id = id where false`)
    gateway.answer = (call) => (endsInZero(call) && call.id < firstOfB ? refusal : YES)
    engine.wake()
    await settled(B, { sent: 3000 })
    const since = gateway.calls.slice(before)
    const first = since.findIndex(({ id }) => id >= firstOfB)
    const last = since.findLastIndex(({ id }) => id >= firstOfB)
    // Of all attempts while B was sent, at least 0.8 were its own.
    expect(callsOf(B).length).toBe(3000)
    expect(3000 / (last - first + 1)).toBeGreaterThanOrEqual(0.8)
    expect(breaker.state).toBe('closed')
  })

  it('fails a number that is refused for good after three repeats, with the code', async () => {
    await database.insertMailing({ mailingId: A, chunks: 1, perChunk: 20 })
    gateway.answer = (call) => (endsInZero(call) ? CODE_17 : YES)
    start({ random: () => 0 })
    await settled(A, { sent: 18, failed: 2 })
    const failed = (await database.messages()).filter(({ status }) => status === 'failed')
    expect(failed.map(({ attempts, reason }) => [attempts, reason])).toEqual([
      [4, 'code_17'],
      [4, 'code_17'],
    ])
  })

  it.each([
    ['code 17', CODE_17],
    ['500', HTTP_500],
    ['nothing, until they time out', { outcome: 'uncertain' } as Answer],
  ])('are sent in full although all numbers of another are answered with %s', async (_, refusal) => {
    await database.insertMailing({ mailingId: A, chunks: 10, perChunk: 500 })
    gateway.answer = ({ id }) => (id < firstOfB ? refusal : YES)
    const engine = start({ random: () => 0.5 })
    await eventually(() => gateway.calls.length >= 10)
    await database.insertMailing({ mailingId: B, chunks: 6, perChunk: 500 })
    engine.wake()
    await settled(B, { sent: 3000 })
    expect(callsOf(B).length).toBe(3000)
  })

  it('are sent while messages of another hang, which have no more than their share of what is under way', async () => {
    await database.insertMailing({ mailingId: A, chunks: 10, perChunk: 500 })
    await database.insertMailing({ mailingId: B, chunks: 6, perChunk: 500 })
    let end = () => {}
    const hanging = new Promise<void>((resolve) => (end = resolve))
    gateway.answer = async ({ id }) => {
      if (id < firstOfB) await hanging
      return YES
    }
    start()
    await settled(B, { sent: 3000 })
    end()
    await settled(A, { sent: 5000 })
  })

  it('has no attempt more than is needed, where one mailing is paused while the breaker is open', async () => {
    await database.insertMailing({ mailingId: A, chunks: 1, perChunk: 500 })
    gateway.answer = ({ id }) => (id < firstOfB ? HTTP_500 : YES)
    const engine = start()
    await eventually(() => breaker.state === 'open')
    expect(breaker.reason).toBe('failing')
    await database.run(`update mailing set status = 'paused' where id = ${A}`)
    await database.insertMailing({ mailingId: B, chunks: 1, perChunk: 500 })
    engine.wake()
    await settled(B, { sent: 500 })
    expect(callsOf(B).length).toBe(500)
    expect(callsOf(A).every(({ id }) => id >= firstOfA)).toBe(true)
  })
})

describe('a mailing of which one text after the other fails', () => {
  let database: SendingDatabase
  let gateway: FakeGateway
  let engine: TestEngine
  beforeEach(async () => {
    database = await openSendingDatabase()
    gateway = createFakeGateway(() => NOON_MS)
  })
  afterEach(async () => {
    await engine.drain()
    await database.drop()
  })
  const mailings = () =>
    database.kysely.selectFrom('mailing').select(['id', 'status', 'rest_reason']).orderBy('id').execute()

  it.each([
    [
      'template_too_slow',
      3,
      // Lists alone: ranges are counted, and end at that limit where the machine is fast.
      `${'{% for i in attributes.list %}'.repeat(3)}${'{% endfor %}'.repeat(3)}x`,
    ],
    ['text_empty', 20, '{{ attributes.missing }}'],
  ])('rests as %s after %i messages, and others are sent', async (reason, failures, template) => {
    await database.insertMailing({ mailingId: A, chunks: 2, perChunk: 500, template })
    await database.insertMailing({ mailingId: B, chunks: 2, perChunk: 500 })
    await database.run(`update client set attributes = '${JSON.stringify({ list: Array(400).fill(0) })}'`)
    engine = startEngine({ database, channel: gateway, nowMs: () => NOON_MS })
    await eventually(async () => {
      expect(await mailings()).toEqual([
        { id: A, status: 'paused', rest_reason: reason },
        { id: B, status: 'running', rest_reason: null },
      ])
      return true
    })
    await eventually(async () => (await database.counts())['sent'] === 1000)
    expect(await database.counts()).toMatchObject({ failed: failures })
    const entry = await database.kysely.selectFrom('audit_log').selectAll().executeTakeFirstOrThrow()
    expect(entry).toMatchObject({ action: 'rest', subject_id: A, detail: { reason, to: 'paused' } })
  })

  it('has no text more that fails, however long the database takes to pause it', async () => {
    await database.insertMailing({
      mailingId: A,
      chunks: 2,
      perChunk: 500,
      template: '{{ attributes.missing }}',
    })
    let [aheadMs, claims] = [0, 0]
    let pause = () => {}
    const paused = new Promise<void>((resolve) => (pause = resolve))
    engine = startEngine({
      ...{ database, channel: gateway, nowMs: () => NOON_MS },
      monotonicMs: () => performance.now() + aheadMs,
      store: (store) =>
        wrapStore(store, async (name, call) => {
          if (name === 'restMailing') await paused
          if (name === 'claimChunks') claims += 1
          return call()
        }),
    })
    await eventually(async () => (await database.counts())['failed'] === 20)
    for (const round of [1, 2, 3]) {
      aheadMs = round * 5000
      const before = claims
      await eventually(() => claims > before + 2)
    }
    pause()
    await eventually(async () => (await mailings())[0]?.status === 'paused')
    expect(await database.counts()).toMatchObject({ failed: 20 })
  })

  it('goes on where texts fail only now and then', async () => {
    const template = '{% if attributes.name %}Hi{% endif %}'
    await database.insertMailing({ mailingId: A, chunks: 1, perChunk: 200, template })
    await database.run(`update client set attributes = '{"name":"Ann"}' where id % 3 = 0`)
    engine = startEngine({ database, channel: gateway, nowMs: () => NOON_MS })
    await eventually(async () => (await database.openChunks()) === 0)
    expect((await mailings())[0]).toMatchObject({ status: 'running' })
  })
})

describe('statuses of the account or the address', () => {
  let database: SendingDatabase
  let gateway: FakeGateway
  let engine: TestEngine | undefined
  let breaker: ChannelBreaker
  beforeEach(async () => {
    database = await openSendingDatabase()
    gateway = createFakeGateway(() => NOON_MS)
    breaker = createSharedBreaker(
      { probeIntervalMs: 100, timeoutMs: 10_000, refreshMs: 0 },
      { database, clock: { nowMs: () => NOON_MS }, log: createLogger('test', 'silent') },
    )
  })
  afterEach(async () => {
    await engine?.drain()
    await database.drop()
  })
  const start = () => (engine = startEngine({ database, channel: gateway, breaker, nowMs: () => NOON_MS }))
  const account = (httpStatus: number): Answer => ({ outcome: 'refused', scope: 'account', httpStatus })

  it.each([
    [401, 'unauthorised'],
    [402, 'payment_required'],
    [403, 'forbidden'],
    [404, 'not_found'],
    [405, 'method_not_allowed'],
    [407, 'proxy_unauthorised'],
    [308, 'redirected'],
  ])('%i to everything opens the breaker as %s, and burns no message', async (status, reason) => {
    await database.insertMailing({ chunks: 6, perChunk: 500 })
    gateway.answer = () => account(status)
    start()
    await eventually(() => breaker.reason === reason)
    await eventually(() => gateway.calls.length >= 17)
    expect(await database.counts()).not.toHaveProperty('failed')
    expect(gateway.calls.length).toBeLessThan(100)
    gateway.answer = () => YES
    await eventually(async () => (await database.counts())['sent'] ?? 0 > 0)
  })

  it('are of the message where others succeed: it fails after three repeats', async () => {
    await database.insertMailing({ chunks: 2, perChunk: 100 })
    gateway.answer = (call) => (endsInZero(call) ? account(404) : YES)
    // Something succeeds as long as the refused ones are repeated.
    engine = startEngine({ database, channel: gateway, breaker, nowMs: () => NOON_MS, random: () => 0 })
    await eventually(async () => (await database.counts())['failed'] === 20)
    expect(await database.counts()).toEqual({ sent: 180, failed: 20 })
  })

  it('after a success open it too, once everything is refused, and no message has failed', async () => {
    await database.insertMailing({ chunks: 6, perChunk: 500 })
    gateway.answer = () => (gateway.calls.length < 500 ? YES : account(401))
    start()
    await eventually(() => breaker.reason === 'unauthorised')
    expect(await database.counts()).not.toHaveProperty('failed')
    expect(gateway.calls.length).toBeLessThan(600)
  })
})
