import { connectRedis, createCache, type Cache, type RedisConnection } from '../src/index.ts'
import { createLogger, createMetrics, type Metrics } from '@runnel/observability'
import { eventually, serviceUrls } from '@runnel/testing'
import { Redis } from 'ioredis'

export interface Replica {
  readonly cache: Cache
  readonly remote: RedisConnection
  readonly metrics: Metrics
}

/** A command to Redis takes longer than usual on a busy machine; that is no outage here. */
export const PATIENT_MS = 10_000

/** A process of its own, as far as the cache is concerned. */
export async function startReplica(
  url = serviceUrls().REDIS_URL,
  {
    patienceMs = 2000,
    commandTimeoutMs = PATIENT_MS,
    now = () => performance.now(),
    sentinel = { username: '', password: '' },
  } = {},
): Promise<Replica> {
  const metrics = createMetrics('test')
  const remote = connectRedis(url, createLogger('test', 'silent'), { commandTimeoutMs, sentinel })
  await eventually(() => remote.connected())
  const cache = createCache({
    ...{ metrics, remote, now },
    maxBytes: 1_000_000,
    loaderPatienceMs: patienceMs,
    random: () => 0,
  })
  return { cache, remote, metrics }
}

/** A Postgres of one value, whose answers can be held back. */
export function createSource(text: string | null, now = Date.now) {
  let current = text
  let gate = Promise.resolve()
  let failing = false
  let loads = 0
  return {
    load: async () => {
      loads++
      const snapshot = current
      const version = now()
      await gate
      if (failing) throw new Error('the database is away')
      return { body: snapshot === null ? null : Buffer.from(snapshot), version }
    },
    loads: () => loads,
    fail: (value: boolean) => void (failing = value),
    /** Commits a value. @returns the version that the notice carries */
    commit: (value: string | null): number => {
      current = value
      return now()
    },
    /** Loads that begin from here on answer when the returned function is called. */
    hold: (): (() => void) => {
      const held = Promise.withResolvers<void>()
      gate = held.promise
      return () => {
        gate = Promise.resolve()
        held.resolve()
      }
    },
  }
}

/** Removes all keys of a test. */
export async function deleteKeys(prefix: string): Promise<void> {
  const redis = new Redis(serviceUrls().REDIS_URL)
  const keys = await redis.keys(`${prefix}*`)
  if (keys.length > 0) await redis.del(keys)
  redis.disconnect()
}
