import { afterAll, afterEach, expect, test } from '@jest/globals'
import { createCacheKeys, type CacheKey } from '../src/index.ts'
import { eventually, serviceUrls, startRedis, testPrefix } from '@runnel/testing'
import { Redis } from 'ioredis'
import { createSource, deleteKeys, startReplica, type Replica } from './replica.ts'

const prefix = testPrefix()
const keys = createCacheKeys(prefix)
const replicas: Replica[] = []

const replica = async (...args: Parameters<typeof startReplica>) => {
  const started = await startReplica(...args)
  replicas.push(started)
  return started
}

afterEach(() => {
  for (const { remote } of replicas.splice(0)) remote.close()
})

afterAll(() => deleteKeys(prefix))

test('Redis killed midway causes no error, and is used again once it is back', async () => {
  const redis = await startRedis()
  const { cache, remote } = await replica(redis.url)
  const source = createSource('value')
  await cache.get(keys.product(1), source.load)

  await redis.kill('SIGKILL')
  for (let id = 2; id < 200; id++) {
    const found = await cache.get(keys.product(id), source.load)
    cache.changed(keys.productChange([id]), Date.now())
    expect(found.entry.body?.toString()).toBe('value')
  }

  await redis.restart()
  await eventually(() => remote.connected())
  await eventually(async () => (await remote.read(keys.product(1))) !== undefined)
  await redis.close()
})

test('a Redis that hangs delays one request by its timeout, and is not used by those after it', async () => {
  const redis = await startRedis()
  const { cache, remote } = await replica(redis.url, { commandTimeoutMs: 100 })
  const source = createSource('value')
  await redis.kill('SIGSTOP')
  try {
    for (let id = 2; id < 50; id++)
      expect((await cache.get(keys.product(id), source.load)).entry.body?.toString()).toBe('value')
    expect(await remote.read(keys.product(1))).toBeUndefined()
  } finally {
    await redis.close()
  }
})

test('requests for one key share one load', async () => {
  const { cache } = await replica()
  const source = createSource('value')
  const release = source.hold()
  const requests = Array.from({ length: 50 }, () => cache.get(keys.product(1000), source.load))
  await eventually(() => source.loads() > 0)
  release()
  await Promise.all(requests)
  expect(source.loads()).toBe(1)
})

test('what was loaded by one replica is served by another without a load', async () => {
  const [a, b] = [await replica(), await replica()]
  const source = createSource('value')
  const key = keys.product(1001)
  await a.cache.get(key, async () => ({ ...(await source.load()), meta: 'next' }))
  const found = await eventually(async () => {
    const read = await b.remote.read(key)
    return read?.found && b.cache.get(key, source.load)
  })
  expect(found.status).toBe('hit')
  expect(found.entry.meta).toBe('next')
  expect(source.loads()).toBe(1)
})

test('while the loader fails a list that a change superseded is served as stale, a product is not', async () => {
  const { cache } = await replica()
  const [list, one] = [keys.productList('stale'), keys.product(1002)]
  const source = createSource('value')
  await cache.get(list, source.load)
  await cache.get(one, source.load)
  cache.changed([...keys.productChange([1002]), keys.productLists], Date.now() + 1)
  source.fail(true)
  expect((await cache.get(list, source.load)).status).toBe('stale')
  await expect(cache.get(one, source.load)).rejects.toThrow('the database is away')
})

test('a loader that is silent counts as failing where an old entry exists', async () => {
  const { cache } = await replica(undefined, { patienceMs: 50 })
  const key = keys.productList('silent')
  const source = createSource('value')
  await cache.get(key, source.load)
  cache.missedChanges()
  cache.changed([keys.productLists], Date.now() + 1)
  const release = source.hold()
  expect((await cache.get(key, source.load)).status).toBe('stale')
  release()
})

/** Makes an entry in Redis look as if it had been loaded some time ago. */
async function age(key: CacheKey, seconds = 20): Promise<void> {
  const redis = new Redis(serviceUrls().REDIS_URL)
  await eventually(async () => (await redis.pexpire(key.entry, 3_600_000 - seconds * 1000)) === 1)
  redis.disconnect()
}

test('an entry is fresh for 15 s in all, not once more in every process that finds it in Redis', async () => {
  const key = keys.product(1005)
  const source = createSource('value')
  await (await replica()).cache.get(key, source.load)
  await age(key, 10)
  let nowMs = 0
  const { cache } = await replica(undefined, { now: () => nowMs })
  expect((await cache.get(key, source.load)).status).toBe('hit')
  nowMs = 4000
  expect(cache.peek(key)).toBeDefined()
  nowMs = 5001
  expect(cache.peek(key)).toBeUndefined()
})

test('a short life holds in every process that finds the entry in Redis, and it stands in afterwards', async () => {
  const key = keys.mailingStatistics(1)
  const source = createSource('value')
  const brief = async () => ({ ...(await source.load()), lifetimeMs: 1000 })
  await (await replica()).cache.get(key, brief)
  source.fail(true)
  let nowMs = 0
  const cache = await eventually(async () => {
    const { cache } = await replica(undefined, { now: () => nowMs })
    await age(key, 0)
    return (await cache.get(key, brief)).status === 'hit' && cache
  })
  nowMs = 1000
  expect(cache.peek(key)).toBeUndefined()
  await age(key, 2)
  expect((await (await replica()).cache.get(key, brief)).status).toBe('stale')
})

test('an old entry in Redis stands in for a failing loader, in a process that just started', async () => {
  const key = keys.product(1003)
  const source = createSource('value')
  await (await replica()).cache.get(key, source.load)
  await age(key)
  source.fail(true)
  const found = await (await replica()).cache.get(key, source.load)
  expect([found.status, found.entry.body?.toString()]).toEqual(['stale', 'value'])
})

test('what was deleted does not come back from Redis when the loader fails', async () => {
  const key = keys.product(1004)
  const source = createSource('value')
  await (await replica()).cache.get(key, source.load)
  await age(key)
  source.commit(null)
  const found = await (await replica()).cache.get(key, source.load)
  expect(found.entry.body).toBeNull()
  source.fail(true)
  const late = await replica()
  await eventually(async () => (await late.remote.read(key))?.found === undefined)
  await expect(late.cache.get(key, source.load)).rejects.toThrow('the database is away')
})
