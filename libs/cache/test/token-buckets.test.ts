import { afterAll, afterEach, expect, test } from '@jest/globals'
import { createLogger } from '@runnel/observability'
import { eventually, serviceUrls, startRedis, testPrefix } from '@runnel/testing'
import { Redis } from 'ioredis'
import { connectRedis, createCacheKeys, createTokenBuckets, type RedisConnection } from '../src/index.ts'
import { deleteKeys, PATIENT_MS } from './replica.ts'

const prefix = testPrefix()
const keys = createCacheKeys(prefix)
const connections: RedisConnection[] = []
let bucket = 0

/** A key that was not used before. */
const freshKey = () => keys.rate(`test:${++bucket}`)

async function connect(url = serviceUrls().REDIS_URL): Promise<RedisConnection> {
  const connection = connectRedis(url, createLogger('test', 'silent'), { commandTimeoutMs: PATIENT_MS })
  connections.push(connection)
  await eventually(() => connection.connected())
  return connection
}

afterEach(() => {
  for (const connection of connections.splice(0)) connection.close()
})
afterAll(() => deleteKeys(prefix))

const slow = { ratePerSecond: 0.001, capacity: 10, least: 1 }

test('a bucket begins full, is emptied by all who share it, and tells when there is more', async () => {
  const [a, b] = [createTokenBuckets(await connect()), createTokenBuckets(await connect())]
  const key = freshKey()
  expect(await a.takeTokens(key, { ...slow, wanted: 7 })).toEqual({ granted: 7, retryInMs: 0 })
  const rest = await b.takeTokens(key, { ...slow, wanted: 7 })
  expect(rest?.granted).toBe(3)
  expect(rest?.retryInMs).toBeGreaterThan(900_000)
  const none = await a.takeTokens(key, { ...slow, wanted: 7, least: 5 })
  expect(none?.granted).toBe(0)
  expect(none?.retryInMs).toBeGreaterThan(4_900_000)
})

test('a bucket fills by the time of Redis, up to its capacity', async () => {
  const buckets = createTokenBuckets(await connect())
  const key = freshKey()
  const redis = new Redis(serviceUrls().REDIS_URL)
  const [seconds] = await redis.time()
  await redis.hset(key, 'tokens', '0', 'at', String(Number(seconds) * 1000 - 60_000))
  const full = { ratePerSecond: 1, capacity: 1000, wanted: 1000, least: 1 }
  const filled = await buckets.takeTokens(key, full)
  expect(filled?.granted).toBeGreaterThanOrEqual(60)
  expect(filled?.granted).toBeLessThan(90)
  await redis.hset(key, 'tokens', '0', 'at', '0')
  expect((await buckets.takeTokens(key, full))?.granted).toBe(1000)
  redis.disconnect()
})

test('a bucket takes over a new rate and capacity at once', async () => {
  const buckets = createTokenBuckets(await connect())
  const key = freshKey()
  await buckets.takeTokens(key, { ...slow, capacity: 1000, wanted: 1 })
  expect((await buckets.takeTokens(key, { ...slow, wanted: 1000 }))?.granted).toBe(10)
})

test('a bucket that is not used expires once it would be full again', async () => {
  const buckets = createTokenBuckets(await connect())
  const key = freshKey()
  await buckets.takeTokens(key, { ratePerSecond: 10, capacity: 20_000, wanted: 1, least: 1 })
  const redis = new Redis(serviceUrls().REDIS_URL)
  const ttl = await redis.pttl(key)
  expect(ttl).toBeGreaterThan(1_900_000)
  expect(ttl).toBeLessThanOrEqual(2_001_000)
  redis.disconnect()
})

test('without Redis, or while it is unreachable, there is no bucket, and no error', async () => {
  expect(await createTokenBuckets(undefined).takeTokens('any', { ...slow, wanted: 1 })).toBeUndefined()
  const redis = await startRedis()
  const connection = await connect(redis.url)
  expect(await connection.takeTokens('any', { ...slow, wanted: 1 })).toEqual({ granted: 1, retryInMs: 0 })
  await redis.kill('SIGKILL')
  for (let n = 0; n < 20; n++)
    expect(await connection.takeTokens('any', { ...slow, wanted: 1 })).toBeUndefined()
  await redis.restart()
  await eventually(async () => (await connection.takeTokens('any', { ...slow, wanted: 1 })) !== undefined)
  await redis.close()
})
