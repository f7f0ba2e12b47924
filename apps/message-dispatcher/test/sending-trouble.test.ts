import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { eventually } from '@runnel/testing'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SendStore } from '../src/sending/send-store.ts'
import { firstMessageOf, NOON_MS, openSendingDatabase, type SendingDatabase } from './sending-database.ts'
import { startEngine, type TestEngine, type TestEngineOptions } from './sending-engine.ts'
import { createFakeGateway, YES, type FakeGateway } from './sending-gateway.ts'

const FIRST = firstMessageOf(1)

describe('sending in trouble', () => {
  let database: SendingDatabase
  let gateway: FakeGateway
  let nowMs: number
  let engines: TestEngine[]
  beforeEach(async () => {
    nowMs = NOON_MS
    engines = []
    database = await openSendingDatabase()
    gateway = createFakeGateway(() => nowMs, false)
  })
  afterEach(async () => {
    await Promise.all(engines.map((engine) => engine.drain()))
    await database.counts()
    await database.drop()
  })

  const start = (more: Partial<TestEngineOptions> = {}) => {
    const engine = startEngine({ database, gateway, nowMs: () => nowMs, ...more })
    engines.push(engine)
    return engine
  }
  const settled = (expected: Record<string, number>) =>
    eventually(async () => {
      expect(await database.counts()).toEqual(expected)
      return true
    })
  /** Calls wait for their answer until it is opened. */
  const closeGate = () => {
    let open = () => {}
    const gate = new Promise<void>((resolve) => (open = resolve))
    gateway.answer = async () => {
      await gate
      return YES
    }
    return () => {
      gateway.answer = () => YES
      open()
    }
  }
  /** A database that can be taken away, for one engine. */
  const createOutage = () => {
    const outage = { isAway: false, calls: 0, store: (store: SendStore): SendStore => wrap(store) }
    const wrap = (store: SendStore) =>
      Object.fromEntries(
        Object.entries(store).map(([name, call]) => [
          name,
          async (...rest: never[]) => {
            outage.calls += 1
            if (outage.isAway) throw Object.assign(new Error('away'), { code: 'ECONNREFUSED' })
            return (call as (...rest: never[]) => Promise<unknown>)(...rest)
          },
        ]),
      ) as unknown as SendStore
    return outage
  }

  it('records what the gateway took while the database was away, once that is back', async () => {
    await database.insertMailing({ perChunk: 200 })
    const outage = createOutage()
    const open = closeGate()
    start({ store: outage.store })
    await eventually(() => gateway.calls.length === 16)
    outage.isAway = true
    open()
    await sleep(200)
    expect(await database.counts()).toEqual({ pending: 200 })
    outage.isAway = false
    await settled({ sent: 200 })
    expect(gateway.calls.length).toBe(200)
  })

  it('sends nothing more once too many results wait for the database', async () => {
    await database.insertMailing({ chunks: 4, perChunk: 100 })
    const outage = createOutage()
    const { store } = outage
    // Blocks are begun; only results are not taken.
    const onlyResults = (real: SendStore) => ({ ...real, recordResults: store(real).recordResults })
    outage.isAway = true
    start({ store: onlyResults, options: { maxUnflushed: 50 } })
    await eventually(() => gateway.calls.length === 50)
    await sleep(200)
    expect(gateway.calls.length).toBe(50)
    outage.isAway = false
    await settled({ sent: 400 })
    expect(gateway.calls.length).toBe(400)
  })

  it('records the yes of a worker that has lost its lease, after another one took over', async () => {
    await database.insertMailing({ perChunk: 100 })
    const open = closeGate()
    // It does not claim its own chunk again.
    const store = (real: SendStore) => ({ ...real, claimChunks: once(real.claimChunks, []) })
    start({ owner: 'slow', options: { deduplicates: false }, store })
    await eventually(() => gateway.calls.length === 16)
    await database.endLeases('slow')
    start({ owner: 'other', options: { deduplicates: false, concurrency: 1 } })
    // What was begun is in doubt for the other one, sent or not; it waits at the gate with the first of the rest.
    await eventually(async () => ((await database.counts())['unknown'] ?? 0) >= 16)
    open()
    await eventually(async () => !('pending' in (await database.counts())))
    await eventually(async () => (await database.openChunks()) === 0)
    // Every yes is known in the end, also of what had been given up as unknown.
    await eventually(async () => (await database.counts())['sent'] === gateway.effects.size)
    const messages = await database.messages()
    expect(messages.slice(0, 16).every(({ status }) => status === 'sent')).toBe(true)
    expect([...gateway.effects.values()].every((count) => count === 1)).toBe(true)
    const { sent, unknown = 0 } = await database.counts()
    expect(sent! + unknown).toBe(100)
  })

  it('sends nothing under an old lease after the process stood still, though the database still says yes', async () => {
    await database.insertMailing({ perChunk: 500 })
    const open = closeGate()
    let stoodStillMs = 0
    start({
      options: { concurrency: 4, leaseMs: 60_000 },
      monotonicMs: () => performance.now() + stoodStillMs,
      // It cannot get a new lease.
      store: (store) => ({
        ...store,
        renewLeases: () => Promise.resolve(new Set<number>()),
        claimChunks: once(store.claimChunks, []),
      }),
    })
    await eventually(() => gateway.calls.length === 4)
    stoodStillMs = 60_000
    open()
    await settled({ sent: 4, pending: 496 })
    await sleep(100)
    expect(gateway.calls.length).toBe(4)
    const [chunk] = await database.kysely.selectFrom('send_chunk').selectAll().execute()
    expect(chunk).toMatchObject({ lease_token: null, started_through: FIRST + 3 })
  })

  it('begins nothing that the database does not grant, though its own clock stood still', async () => {
    await database.insertMailing({ perChunk: 500 })
    const open = closeGate()
    start({ options: { concurrency: 4 }, monotonicMs: () => 0 })
    await eventually(() => gateway.calls.length === 4)
    const begun = (await database.kysely.selectFrom('send_chunk').select('started_through').execute())[0]!
    await database.run(`update send_chunk set lease_token = gen_random_uuid(), lease_owner = 'other',
      leased_until = clock_timestamp() + interval '1 hour'`)
    open()
    await sleep(300)
    // The blocks that were begun before are what is left of the doubt.
    expect(gateway.calls.length).toBeLessThanOrEqual(begun.started_through - FIRST + 1)
    expect(gateway.calls.length).toBeLessThanOrEqual(128)
  })

  it('renews its lease for as long as a chunk takes', async () => {
    await database.insertMailing({ perChunk: 60 })
    gateway.answer = async () => {
      await sleep(100)
      return YES
    }
    const options = { concurrency: 2, sendTimeoutMs: 200, leaseMs: 2000 }
    for (const owner of ['one', 'two']) start({ owner, options })
    await settled({ sent: 60 })
    expect(gateway.calls.length).toBe(60)
  })

  it('makes the day of an attempt where that is missing', async () => {
    await database.insertMailing({ perChunk: 3 })
    nowMs += 5 * 86_400_000
    start()
    await settled({ sent: 3 })
    expect((await database.kysely.selectFrom('attempt').selectAll().execute()).length).toBe(3)
  })

  it('records what the gateway said even where the database does not understand it', async () => {
    await database.insertMailing({ perChunk: 20 })
    gateway.answer = ({ id }) => (id === FIRST + 7 ? { ...YES, detail: 'nothing \u0000 good' } : YES)
    start()
    await settled({ sent: 20 })
    expect((await database.kysely.selectFrom('attempt').selectAll().execute()).length).toBe(19)
  })
})

/** The function for its first call, and an answer for all further ones. */
function once<A extends unknown[], R>(call: (...rest: A) => Promise<R>, then: R) {
  let isUsed = false
  return (...rest: A): Promise<R> => {
    if (isUsed) return Promise.resolve(then)
    isUsed = true
    return call(...rest)
  }
}
