import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { eventually } from '@runnel/testing'
import type { SendStore } from '../src/sending/send-store.ts'
import { firstMessageOf, NOON_MS, openSendingDatabase, type SendingDatabase } from './sending-database.ts'
import { startEngine, wrapStore, type TestEngine, type TestEngineOptions } from './sending-engine.ts'
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
    const engine = startEngine({ database, channel: gateway, nowMs: () => nowMs, ...more })
    engines.push(engine)
    return engine
  }
  /** Waits for as long as a test may take: how long sending takes depends on the machine. */
  const settled = (expected: Record<string, number>) =>
    eventually(async () => expect(await database.counts()).toEqual(expected) ?? true)
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
  /** A database that can become unreachable for one engine. */
  const createOutage = () => {
    const outage = { isOver: true, refusedCalls: 0, store: (store: SendStore): SendStore => wrap(store) }
    const wrap = (store: SendStore) =>
      wrapStore(store, async (_name, call) => {
        if (outage.isOver) return call()
        outage.refusedCalls += 1
        throw Object.assign(new Error('unreachable'), { code: 'ECONNREFUSED' })
      })
    return outage
  }
  const readChunk = () => database.kysely.selectFrom('send_chunk').selectAll().executeTakeFirstOrThrow()

  it('records what the gateway accepted during an outage of the database, after it', async () => {
    await database.insertMailing({ perChunk: 200 })
    const outage = createOutage()
    const open = closeGate()
    start({ store: outage.store })
    await eventually(() => gateway.calls.length === 16)
    outage.isOver = false
    open()
    await eventually(() => outage.refusedCalls >= 5)
    expect(await database.counts()).toEqual({ pending: 200 })
    outage.isOver = true
    await settled({ sent: 200 })
    expect(gateway.calls.length).toBe(200)
  })

  it('ends its drain at the last call, though the database stays away with results unrecorded', async () => {
    await database.insertMailing({ perChunk: 50 })
    const outage = createOutage()
    const open = closeGate()
    const lastCall = new AbortController()
    const engine = start({
      store: outage.store,
      lastCall: lastCall.signal,
      options: { retryDelayMs: 3_600_000 },
    })
    await eventually(() => gateway.calls.length === 16)
    outage.isOver = false
    const drained = engine.drain()
    open()
    await eventually(() => outage.refusedCalls > 0)
    lastCall.abort()
    await drained
    outage.isOver = true
    // Nothing is lost: another replica finds them begun, and sends them again under their ids.
    start({ owner: 'other' })
    await database.endLeases('one')
    await settled({ sent: 50 })
  })

  it('sends nothing more once too many results wait for the database', async () => {
    await database.insertMailing({ chunks: 4, perChunk: 100 })
    const outage = createOutage()
    const { store } = outage
    // Blocks are begun; only results cannot be recorded.
    const onlyResults = (real: SendStore) => ({ ...real, recordResults: store(real).recordResults })
    outage.isOver = false
    start({ store: onlyResults, options: { maxUnflushed: 50 } })
    await eventually(() => gateway.calls.length === 50)
    const { refusedCalls } = outage
    await eventually(() => outage.refusedCalls >= refusedCalls + 5)
    expect(gateway.calls.length).toBe(50)
    outage.isOver = true
    await settled({ sent: 400 })
    expect(gateway.calls.length).toBe(400)
  })

  it('records what the gateway accepted from a worker that has lost its lease, after another one took over', async () => {
    await database.insertMailing({ perChunk: 100 })
    const open = closeGate()
    // It does not claim its own chunk again.
    const store = (real: SendStore) => ({ ...real, claimChunks: once(real.claimChunks, []) })
    start({ owner: 'slow', options: { deduplicates: false }, store })
    await eventually(() => gateway.calls.length === 16)
    await database.endLeases('slow')
    start({ owner: 'other', options: { deduplicates: false, concurrency: 1 } })
    // The other one does not know whether the begun messages were sent; it waits at the gate with the first of the others.
    await eventually(async () => ((await database.counts())['unknown'] ?? 0) >= 16)
    open()
    await eventually(async () => !('pending' in (await database.counts())))
    await eventually(async () => (await database.openChunks()) === 0)
    // In the end everything that was accepted is recorded, also what had been given up as unknown.
    await eventually(async () => (await database.counts())['sent'] === gateway.effects.size)
    const messages = await database.messages()
    expect(messages.slice(0, 16).every(({ status }) => status === 'sent')).toBe(true)
    expect([...gateway.effects.values()].every((count) => count === 1)).toBe(true)
    const { sent, unknown = 0 } = await database.counts()
    expect(sent! + unknown).toBe(100)
  })

  it('sends nothing under an old lease after the process was suspended, even while the database still grants it', async () => {
    await database.insertMailing({ perChunk: 500 })
    const open = closeGate()
    let suspendedMs = 0
    start({
      options: { concurrency: 4, leaseMs: 60_000 },
      monotonicMs: () => performance.now() + suspendedMs,
      // It cannot get a new lease.
      store: (store) => ({
        ...store,
        renewLeases: () => Promise.resolve(new Set<number>()),
        claimChunks: once(store.claimChunks, []),
      }),
    })
    await eventually(() => gateway.calls.length === 4)
    suspendedMs = 60_000
    open()
    await settled({ sent: 4, pending: 496 })
    await eventually(async () => (await readChunk()).lease_token === null)
    expect((await readChunk()).started_through).toBe(FIRST + 3)
    expect(gateway.calls.length).toBe(4)
  })

  it('begins nothing that the database does not grant, even while its own clock stands still', async () => {
    await database.insertMailing({ perChunk: 500 })
    const open = closeGate()
    let begun = 0
    let refusedBlocks = 0
    const store = (real: SendStore): SendStore => ({
      ...real,
      async beginBlocks(blocks, options) {
        const granted = await real.beginBlocks(blocks, options)
        begun += granted.reduce((sum, { recipients }) => sum + recipients.length, 0)
        refusedBlocks += blocks.length - granted.length
        return granted
      },
    })
    start({ options: { concurrency: 4 }, monotonicMs: () => 0, store })
    await eventually(() => gateway.calls.length === 4)
    await database.run(`update send_chunk set lease_token = gen_random_uuid(), lease_owner = 'other',
      leased_until = clock_timestamp() + interval '1 hour'`)
    open()
    await eventually(() => refusedBlocks > 0)
    // Only the blocks that were begun before may still be sent.
    expect(gateway.calls.length).toBeLessThanOrEqual(begun)
    expect(begun).toBeLessThanOrEqual(128)
  })

  it('renews its lease for as long as a chunk takes', async () => {
    await database.insertMailing({ perChunk: 12 })
    const options = { concurrency: 1, leaseMs: 60_000, sendTimeoutMs: 10_000, flushMs: 0 }
    let elapsedMs = 0
    let renewedMs = 0
    let claims = 0
    const store = (real: SendStore): SendStore => ({
      ...real,
      async claimChunks(claim) {
        const chunks = await real.claimChunks(claim)
        claims += chunks.length
        return chunks
      },
      async renewLeases(leases, leaseMs) {
        const requestedMs = elapsedMs
        const renewed = await real.renewLeases(leases, leaseMs)
        if (renewed.size > 0) renewedMs = requestedMs
        return renewed
      },
    })
    // Each send takes a quarter of a lease; the whole chunk takes three.
    gateway.answer = async () => {
      elapsedMs += 15_000
      await eventually(() => elapsedMs - renewedMs <= 30_000)
      return YES
    }
    start({ options, store, monotonicMs: () => elapsedMs })
    await settled({ sent: 12 })
    expect([gateway.calls.length, claims]).toEqual([12, 1])
  })

  it('creates the partition of an attempt where it is missing', async () => {
    await database.insertMailing({ perChunk: 3 })
    nowMs += 5 * 86_400_000
    start()
    await settled({ sent: 3 })
    expect((await database.kysely.selectFrom('attempt').selectAll().execute()).length).toBe(3)
  })

  it('records a result even where the database cannot store the text of the gateway', async () => {
    await database.insertMailing({ perChunk: 20 })
    gateway.answer = ({ id }) => (id === FIRST + 7 ? { ...YES, detail: 'nothing \u0000 good' } : YES)
    start()
    await settled({ sent: 20 })
    expect((await database.kysely.selectFrom('attempt').selectAll().execute()).length).toBe(19)
  })
})

/** Calls the function once; further calls resolve to `then`. */
function once<A extends unknown[], R>(call: (...parameters: A) => Promise<R>, then: R) {
  let isUsed = false
  return (...parameters: A): Promise<R> => {
    if (isUsed) return Promise.resolve(then)
    isUsed = true
    return call(...parameters)
  }
}
