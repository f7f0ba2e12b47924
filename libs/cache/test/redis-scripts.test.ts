import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { eventually, serviceUrls, testPrefix } from '@runnel/testing'
import { Redis } from 'ioredis'
import { encodeEntry, toEntry, type Entry } from '../src/entry.ts'
import { createCacheKeys, type CacheKey, type RedisConnection } from '../src/index.ts'
import { deleteKeys, startReplica } from './replica.ts'

const prefix = testPrefix()
const keys = createCacheKeys(prefix)
let remote: RedisConnection
/** Another program, which writes what it likes. */
let other: Redis

beforeAll(async () => {
  remote = (await startReplica()).remote
  other = new Redis(serviceUrls().REDIS_URL)
})

afterAll(async () => {
  remote.close()
  other.disconnect()
  await deleteKeys(prefix)
})

const entry = (text: string, version: number) =>
  toEntry({ body: Buffer.from(text), version }) as Entry & { body: Buffer }

/** Reads until Redis answers: a test machine may be slower than the client's patience. */
const read = (key: CacheKey) => eventually(() => remote.read(key))

const bodyOf = async (key: CacheKey) => (await read(key)).found?.entry.body?.toString()

test('a fill that is not newer than the fence is refused', async () => {
  const key = keys.product(1)
  const { ticketMs } = await read(key)
  await remote.fence(key, 1000)
  await remote.fill(key, entry('older', 999), ticketMs)
  await remote.fill(key, entry('equal', 1000), ticketMs)
  expect((await read(key)).found).toBeUndefined()
  await remote.fill(key, entry('newer', 1001), ticketMs)
  expect(await bodyOf(key)).toBe('newer')
})

test('a late, older fence neither lowers a fence nor drops what is newer than it', async () => {
  const key = keys.product(2)
  const { ticketMs } = await read(key)
  await remote.fence(key, 1000)
  await remote.fill(key, entry('value', 1001), ticketMs)
  await remote.fence(key, 500)
  expect(await bodyOf(key)).toBe('value')
  await remote.fence(key, 1001)
  await remote.fill(key, entry('older', 600), ticketMs)
  expect(await bodyOf(key)).toBeUndefined()
})

test('a fill whose load began 15 s ago is refused, and its age counts from there', async () => {
  const key = keys.product(3)
  const { ticketMs } = await read(key)
  await remote.fill(key, entry('slow', 1), ticketMs - 15_000)
  expect((await read(key)).found).toBeUndefined()
  await remote.fill(key, entry('value', 1), ticketMs - 9000)
  expect((await read(key)).found?.ageMs).toBeGreaterThanOrEqual(9000)
})

test('an older load does not replace a fresh, newer one', async () => {
  const key = keys.product(4)
  const { ticketMs } = await read(key)
  await remote.fill(key, entry('newer', 2), ticketMs)
  await remote.fill(key, entry('older', 1), ticketMs)
  expect(await bodyOf(key)).toBe('newer')
})

const FAR = 9_007_199_254_740_991

test('an entry that lives for longer than any fill lets it is not believed, and the next fill overwrites it', async () => {
  const key = keys.product(20)
  await other.set(key.entry, encodeEntry(entry('bad', FAR)), 'PX', 7_200_000)
  const { ticketMs, found } = await read(key)
  expect(found).toBeUndefined()
  await remote.fill(key, entry('good', Date.now()), ticketMs)
  expect(await bodyOf(key)).toBe('good')
})

test('an entry of the future is dropped by a change, and overwritten by a fill, however fresh it looks', async () => {
  const key = keys.product(21)
  await other.set(key.entry, encodeEntry(entry('bad', FAR)), 'PX', 3_599_000)
  const { ticketMs } = await read(key)
  await remote.fill(key, entry('good', Date.now()), ticketMs)
  expect(await bodyOf(key)).toBe('good')
  await other.set(key.entry, encodeEntry(entry('bad', FAR)), 'PX', 3_599_000)
  await remote.fence(key, Date.now())
  expect((await read(key)).found).toBeUndefined()
})

test('a fence of the future, even one without an end, heals at the next fill', async () => {
  const key = keys.product(22)
  const { ticketMs } = await read(key)
  await other.set(key.fence, String(FAR))
  await remote.fill(key, entry('good', Date.now()), ticketMs)
  expect(await bodyOf(key)).toBe('good')
  expect(await read(key)).toMatchObject({ found: { superseded: false } })
})
