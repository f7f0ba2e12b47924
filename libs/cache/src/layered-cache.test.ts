import { expect, test } from '@jest/globals'
import { createMetrics } from '@runnel/observability'
import { createCache } from './layered-cache.ts'
import { createCacheKeys } from './cache-keys.ts'
import { MemoryLayer } from './memory-layer.ts'

const keys = createCacheKeys('')

/** A cache without Redis, whose clock stands still unless it is moved. */
function createStill(random = 0) {
  const clock = { ms: 1_000_000 }
  const cache = createCache({
    metrics: createMetrics('test'),
    maxBytes: 1_000_000,
    now: () => clock.ms,
    random: () => random,
  })
  const load = (text: string | null, lifetimeMs?: number) => async () => ({
    body: text === null ? null : Buffer.from(text),
    version: clock.ms,
    ...(lifetimeMs !== undefined && { lifetimeMs }),
  })
  const failing = () => Promise.reject(new Error('away'))
  return { cache, clock, load, failing }
}

test('an entry is fresh for 15 s and not a moment longer', async () => {
  const { cache, clock, load } = createStill()
  await cache.get(keys.product(1), load('a'))
  clock.ms += 14_999
  expect(cache.peek(keys.product(1))?.body?.toString()).toBe('a')
  clock.ms += 1
  expect(cache.peek(keys.product(1))).toBeUndefined()
})

test('a loader may give what it brings a shorter life, each time anew, never a longer one', async () => {
  const { cache, clock, load } = createStill()
  await cache.get(keys.message(1), load('open', 1000))
  clock.ms += 999
  expect(cache.peek(keys.message(1))?.body?.toString()).toBe('open')
  clock.ms += 1
  expect(cache.peek(keys.message(1))).toBeUndefined()
  await cache.get(keys.message(1), load('closed', 1e9))
  clock.ms += 14_999
  expect(cache.peek(keys.message(1))?.body?.toString()).toBe('closed')
  clock.ms += 1
  expect(cache.peek(keys.message(1))).toBeUndefined()
})

test('an entry with a short life stands in for a failing loader as long as any other', async () => {
  const { cache, clock, load, failing } = createStill()
  await cache.get(keys.mailingStatistics(1), load('a', 1000))
  clock.ms += 3_599_999
  expect((await cache.get(keys.mailingStatistics(1), failing)).status).toBe('stale')
  clock.ms += 1001
  await expect(cache.get(keys.mailingStatistics(1), failing)).rejects.toThrow('away')
})

test('nothing with a short life is not believed longer than that', async () => {
  const { cache, clock, load } = createStill()
  await cache.get(keys.message(1), load(null, 1000))
  clock.ms += 999
  expect(cache.peek(keys.message(1))?.body).toBeNull()
  clock.ms += 1
  expect(cache.peek(keys.message(1))).toBeUndefined()
})

test('random shortens a lifetime, never lengthens it', async () => {
  const { cache, clock, load } = createStill(0.999)
  await cache.get(keys.product(1), load('a'))
  clock.ms += 12_100
  expect(cache.peek(keys.product(1))).toBeUndefined()
})

test('freshness counts from the beginning of the load', async () => {
  const { cache, clock } = createStill()
  await cache.get(keys.product(1), async () => {
    clock.ms += 10_000
    return { body: Buffer.from('a'), version: 1 }
  })
  clock.ms += 5000
  expect(cache.peek(keys.product(1))).toBeUndefined()
})

test('past its time an entry stands in for a failing loader for an hour', async () => {
  const { cache, clock, load, failing } = createStill()
  await cache.get(keys.product(1), load('a'))
  clock.ms += 3_599_999
  const found = await cache.get(keys.product(1), failing)
  expect([found.status, found.entry.body?.toString()]).toEqual(['stale', 'a'])
  clock.ms += 1001
  await expect(cache.get(keys.product(1), failing)).rejects.toThrow('away')
})

test('a failing loader is left alone for a second where an old entry exists', async () => {
  const { cache, clock, load, failing } = createStill()
  await cache.get(keys.product(1), load('a'))
  clock.ms += 20_000
  await cache.get(keys.product(1), failing)
  expect((await cache.get(keys.product(1), load('b'))).status).toBe('stale')
  clock.ms += 1000
  expect((await cache.get(keys.product(1), load('b'))).status).toBe('miss')
})

test('nothing is known to be nothing for 2 s, and never stands in', async () => {
  const { cache, clock, load, failing } = createStill()
  await cache.get(keys.product(1), load(null))
  clock.ms += 1999
  expect(cache.peek(keys.product(1))?.body).toBeNull()
  clock.ms += 1
  await expect(cache.get(keys.product(1), failing)).rejects.toThrow('away')
})

test('a load that began before a notice is neither joined nor kept', async () => {
  const { cache, load } = createStill()
  const slow = Promise.withResolvers<{ body: Buffer; version: number }>()
  const early = cache.get(keys.product(1), () => slow.promise)
  cache.changed(keys.productChange([1]), 1)
  const late = await cache.get(keys.product(1), load('new'))
  slow.resolve({ body: Buffer.from('old'), version: 0 })
  expect((await early).entry.body?.toString()).toBe('old')
  expect(late.entry.body?.toString()).toBe('new')
  expect(cache.peek(keys.product(1))?.body?.toString()).toBe('new')
})

test('a bulk load keeps nothing that changed since it began', () => {
  const { cache } = createStill()
  const keep = cache.beginBulkLoad()
  cache.changed(keys.productChange([1]), 1)
  for (const id of [1, 2]) keep(keys.product(id), { body: Buffer.from('a'), version: 0 })
  expect(cache.peek(keys.product(1))).toBeUndefined()
  expect(cache.peek(keys.product(2))).toBeDefined()
})

test('the in-process layer stays within its bytes and drops what was not used for longest', () => {
  const memory = new MemoryLayer(10_000)
  const put = (key: string) =>
    memory.put(key, {
      ...{ body: Buffer.alloc(1000), meta: '', etag: '""', version: 1, lifetimeMs: 1000 },
      ...{ moment: 0, loadedMs: 0, freshUntilMs: 0, retryAtMs: 0 },
    })
  for (let i = 0; i < 100; i++) {
    put(`key ${i}`)
    memory.get('key 0')
    expect(memory.bytes).toBeLessThanOrEqual(10_000)
  }
  expect(memory.get('key 0')).toBeDefined()
  expect(memory.get('key 50')).toBeUndefined()
  expect(memory.get('key 99')).toBeDefined()
})
