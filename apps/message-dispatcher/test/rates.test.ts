import { afterEach, describe, expect, it } from '@jest/globals'
import { connectRedis, createCacheKeys, createTokenBuckets, type RedisConnection } from '@runnel/cache'
import { createLogger } from '@runnel/observability'
import { eventually, startRedis, testPrefix, type ManagedProcess } from '@runnel/testing'
import { setTimeout as sleep } from 'node:timers/promises'
import { createSharedRates } from '../src/sending/rates/shared-rates.ts'
import type { Rates } from '../src/sending/rates/rates.ts'

/** A burst, and what replicas take ahead, as a part of what a second brings. */
const BURST = 0.3

/** Tokens that each test takes at a rate of 200 per second: enough for bursts to show. */
const ENOUGH = 300

/** What one call wants. */
const WANTED = 8

interface Taken {
  readonly from: number
  readonly to: number
  readonly granted: number
}

const connections: RedisConnection[] = []
let redis: ManagedProcess | undefined

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

/** The rates of one replica. */
const replica = (
  connection: RedisConnection | undefined,
  {
    prefix = testPrefix(),
    ratePerSecond = 0,
    replicas = (): number | undefined => 2,
    now = () => performance.now(),
  } = {},
) =>
  createSharedRates(
    { channel: 'gateway', ratePerSecond },
    { buckets: createTokenBuckets(connection), keys: createCacheKeys(prefix), replicas, now },
  )

/** Takes as much as it can, until it is enough. */
async function drain(
  rates: Rates,
  mailingId: number,
  rate: number | null,
  taken: Taken[],
  isEnough = () => total(taken) >= ENOUGH,
): Promise<void> {
  while (!isEnough()) {
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
  })

  it('keep it within one burst while Redis becomes unreachable', async () => {
    const prefix = testPrefix()
    const [a, b] = [replica(await connect(), { prefix }), replica(await connect(), { prefix })]
    const taken: Taken[] = []
    const running = Promise.all([drain(a, 1, rate, taken), drain(b, 1, rate, taken)])
    await eventually(() => total(taken) >= ENOUGH / 3, { everyMs: 1 })
    await redis?.kill('SIGKILL')
    await running
    expect(excess(taken, rate)).toBeLessThanOrEqual(rate * BURST)
  })

  it('keep it within one burst without Redis', async () => {
    const [a, b] = [replica(undefined), replica(undefined)]
    const taken: Taken[] = []
    await Promise.all([drain(a, 1, rate, taken), drain(b, 1, rate, taken)])
    expect(excess(taken, rate)).toBeLessThanOrEqual(rate * BURST)
  })

  it('keep the rate of the gateway over all mailings, limited ones and others', async () => {
    const prefix = testPrefix()
    const options = { prefix, ratePerSecond: rate }
    const [a, b] = [replica(await connect(), options), replica(await connect(), options)]
    const taken: Taken[] = []
    const limited: Taken[] = []
    const isEnough = () => total([...taken, ...limited]) >= ENOUGH
    await Promise.all([
      drain(a, 1, null, taken, isEnough),
      drain(b, 2, null, taken, isEnough),
      drain(b, 3, 20, limited, isEnough),
    ])
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

  it('grants nothing without Redis while it does not know how many replicas there are', async () => {
    const rates = replica(undefined, { replicas: () => undefined })
    expect(await rates.take(1, 1000, 64)).toEqual({ granted: 0, retryInMs: 250 })
  })

  it('returns when there is more, and grants it then', async () => {
    const rates = replica(await connect(), { replicas: () => 1 })
    const [first, { granted, retryInMs }] = await Promise.all([rates.take(1, 1, 5), rates.take(1, 1, 5)])
    expect([first.granted, granted]).toEqual([1, 0])
    expect(retryInMs).toBeGreaterThan(0)
    expect(retryInMs).toBeLessThanOrEqual(1000)
    await sleep(retryInMs)
    expect(await rates.take(1, 1, 5)).toMatchObject({ granted: 1 })
  })

  it('grants again what was given back', async () => {
    const rates = replica(await connect(), { ratePerSecond: 10, replicas: () => 1, now: () => 0 })
    expect(await rates.take(1, 5, 5)).toMatchObject({ granted: 1 })
    rates.giveBack(1, 1)
    expect(await rates.take(1, 5, 1)).toEqual({ granted: 1, retryInMs: 0 })
  })

  it('calls Redis once for a block of messages, not for each', async () => {
    let calls = 0
    const buckets = createTokenBuckets({
      takeTokens: async (_, { wanted }) => {
        calls++
        return { granted: wanted, retryInMs: 0 }
      },
    })
    const deps = { buckets, keys: createCacheKeys(''), replicas: () => 1, now: () => 0 }
    const rates = createSharedRates({ channel: 'gateway', ratePerSecond: 0 }, deps)
    for (let n = 0; n < 1000; n++) await rates.take(1, 1000, 1)
    expect(calls).toBe(10)
  })
})
