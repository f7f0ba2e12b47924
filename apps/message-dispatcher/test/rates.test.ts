import { afterEach, describe, expect, it } from '@jest/globals'
import { connectRedis, createCacheKeys, createTokenBuckets, type RedisConnection } from '@runnel/cache'
import { createLogger } from '@runnel/observability'
import { eventually, startRedis, testPrefix, type PrivateServer } from '@runnel/testing'
import { setTimeout as sleep } from 'node:timers/promises'
import { createSharedRates } from '../src/sending/rates/shared-rates.ts'
import type { Rates } from '../src/sending/rates/rates.ts'

/** A burst, and what replicas take ahead, as a part of what comes in a second. */
const BURST = 0.3
const RUN_MS = 1500

/** What one call asks for. */
const WANTED = 8

interface Taken {
  readonly from: number
  readonly to: number
  readonly granted: number
}

const connections: RedisConnection[] = []
let redis: PrivateServer | undefined

afterEach(async () => {
  for (const connection of connections.splice(0)) connection.close()
  await redis?.close()
  redis = undefined
})

async function connect(): Promise<RedisConnection> {
  redis ??= await startRedis()
  const connection = connectRedis(redis.url, createLogger('test', 'silent'))
  connections.push(connection)
  await eventually(() => connection.connected())
  return connection
}

/** A replica of its own, as far as rates are concerned. */
const replica = (
  connection: RedisConnection | undefined,
  { prefix = testPrefix(), ratePerSecond = 0, replicas = (): number | undefined => 2 } = {},
) =>
  createSharedRates(
    { ratePerSecond },
    { buckets: createTokenBuckets(connection), keys: createCacheKeys(prefix), replicas },
  )

/** Takes as much as it can for a while. */
async function drain(rates: Rates, mailingId: number, rate: number | null, taken: Taken[]): Promise<void> {
  const end = performance.now() + RUN_MS
  while (performance.now() < end) {
    const from = performance.now()
    const { granted, retryInMs } = await rates.take(mailingId, rate, WANTED)
    taken.push({ from, to: performance.now(), granted })
    if (granted < WANTED) await sleep(retryInMs)
  }
}

/** The most that was granted beyond the rate in any stretch of time that holds whole calls. */
function excess(taken: readonly Taken[], ratePerSecond: number): number {
  const byEnd = taken.filter(({ granted }) => granted > 0).toSorted((a, b) => a.to - b.to)
  let most = -Infinity
  for (const { from } of byEnd) {
    let sum = 0
    for (const call of byEnd) {
      if (call.from < from) continue
      sum += call.granted
      most = Math.max(most, sum - ((call.to - from) * ratePerSecond) / 1000)
    }
  }
  return most
}

const total = (taken: readonly Taken[]) => taken.reduce((sum, { granted }) => sum + granted, 0)

describe('two replicas', () => {
  const rate = 200

  it('keep a rate together, within one burst', async () => {
    const prefix = testPrefix()
    const [a, b] = [replica(await connect(), { prefix }), replica(await connect(), { prefix })]
    const taken: Taken[] = []
    await Promise.all([drain(a, 1, rate, taken), drain(b, 1, rate, taken)])
    expect(excess(taken, rate)).toBeLessThanOrEqual(rate * BURST)
    expect(total(taken)).toBeGreaterThan((rate * RUN_MS) / 1000 / 3)
  })

  it('keep it within one burst while Redis goes away', async () => {
    const prefix = testPrefix()
    const [a, b] = [replica(await connect(), { prefix }), replica(await connect(), { prefix })]
    const taken: Taken[] = []
    const running = Promise.all([drain(a, 1, rate, taken), drain(b, 1, rate, taken)])
    await sleep(RUN_MS / 3)
    const before = total(taken)
    await redis?.kill('SIGKILL')
    await running
    expect(excess(taken, rate)).toBeLessThanOrEqual(rate * BURST)
    expect(total(taken)).toBeGreaterThan(before + (rate * RUN_MS) / 1000 / 4)
  })

  it('keep it within one burst without Redis', async () => {
    const [a, b] = [replica(undefined), replica(undefined)]
    const taken: Taken[] = []
    await Promise.all([drain(a, 1, rate, taken), drain(b, 1, rate, taken)])
    expect(excess(taken, rate)).toBeLessThanOrEqual(rate * BURST)
    expect(total(taken)).toBeGreaterThan((rate * RUN_MS) / 1000 / 3)
  })

  it('keep the rate of the gateway over all mailings, limited ones and others', async () => {
    const prefix = testPrefix()
    const options = { prefix, ratePerSecond: rate }
    const [a, b] = [replica(await connect(), options), replica(await connect(), options)]
    const taken: Taken[] = []
    const limited: Taken[] = []
    await Promise.all([drain(a, 1, null, taken), drain(b, 2, null, taken), drain(b, 3, 20, limited)])
    expect(excess([...taken, ...limited], rate)).toBeLessThanOrEqual(rate * BURST)
    // What the gateway's rate refuses is given back to the mailing's.
    expect(excess(limited, 20)).toBeLessThanOrEqual(20 * BURST + WANTED)
  })
})

describe('a replica', () => {
  it('grants everything, at once, where there is no limit', async () => {
    const rates = replica(undefined, { replicas: () => undefined })
    expect(await rates.take(1, null, 64)).toEqual({ granted: 64, retryInMs: 0 })
  })

  it('grants nothing without Redis, before it knows how many others there are', async () => {
    const rates = replica(undefined, { replicas: () => undefined })
    expect(await rates.take(1, 1000, 64)).toEqual({ granted: 0, retryInMs: 250 })
  })

  it('tells when there is more, and has it then', async () => {
    const rates = replica(await connect(), { replicas: () => 1 })
    expect(await rates.take(1, 1, 5)).toMatchObject({ granted: 1 })
    const { granted, retryInMs } = await rates.take(1, 1, 5)
    expect(granted).toBe(0)
    expect(retryInMs).toBeGreaterThan(0)
    expect(retryInMs).toBeLessThanOrEqual(1000)
    await sleep(retryInMs)
    expect(await rates.take(1, 1, 5)).toMatchObject({ granted: 1 })
  })

  it('grants again what was given back', async () => {
    const rates = replica(await connect(), { ratePerSecond: 10, replicas: () => 1 })
    expect(await rates.take(1, 5, 5)).toMatchObject({ granted: 1 })
    rates.giveBack(1, 1)
    expect(await rates.take(1, 5, 1)).toEqual({ granted: 1, retryInMs: 0 })
  })

  it('asks Redis once for a block of messages, not for each', async () => {
    let asked = 0
    const buckets = createTokenBuckets({
      takeTokens: async (_, { wanted }) => {
        asked++
        return { granted: wanted, retryInMs: 0 }
      },
    })
    const deps = { buckets, keys: createCacheKeys(''), replicas: () => 1, now: () => 0 }
    const rates = createSharedRates({ ratePerSecond: 0 }, deps)
    for (let n = 0; n < 1000; n++) await rates.take(1, 1000, 1)
    expect(asked).toBe(10)
  })
})
