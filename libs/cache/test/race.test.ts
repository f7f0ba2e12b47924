import { afterAll, afterEach, expect, test } from '@jest/globals'
import { createCacheKeys } from '../src/index.ts'
import { eventually, serviceUrls, testPrefix } from '@runnel/testing'
import { Redis } from 'ioredis'
import { createSource, deleteKeys, startReplica, type Replica } from './replica.ts'

const prefix = testPrefix()
const keys = createCacheKeys(prefix)
const replicas: Replica[] = []
let nextId = 1

async function twoReplicas(): Promise<[Replica, Replica]> {
  const pair = [await startReplica(), await startReplica()] as [Replica, Replica]
  replicas.push(...pair)
  return pair
}

afterEach(() => {
  for (const { remote } of replicas.splice(0)) remote.close()
})

afterAll(() => deleteKeys(prefix))

const textOf = async (
  replica: Replica,
  key: ReturnType<typeof keys.product>,
  load: Parameters<Replica['cache']['get']>[1],
) => (await replica.cache.get(key, load)).entry.body?.toString()

test('after a miss, a commit with its notice, and the late fill, no replica serves the old value', async () => {
  const [a, b] = await twoReplicas()
  const id = nextId++
  const source = createSource('old')
  const release = source.hold()
  const early = a.cache.get(keys.product(id), source.load)
  await eventually(() => source.loads() === 1)

  const version = source.commit('new')
  for (const { cache } of [a, b]) cache.changed(keys.productChange([id]), version)
  release()

  expect((await early).entry.body?.toString()).toBe('old')
  await eventually(() => Date.now() > version)
  expect(await textOf(b, keys.product(id), source.load)).toBe('new')
  expect(await textOf(a, keys.product(id), source.load)).toBe('new')
})

test('a replica that missed the notice cannot fill Redis with the old value', async () => {
  const [deaf, informed] = await twoReplicas()
  const id = nextId++
  const source = createSource('old')
  const release = source.hold()
  const early = deaf.cache.get(keys.product(id), source.load)
  await eventually(() => source.loads() === 1)

  informed.cache.changed(keys.productChange([id]), source.commit('new'))
  release()
  await early
  const late = await startReplica()
  replicas.push(late)
  expect(await textOf(late, keys.product(id), source.load)).toBe('new')
  expect(await textOf(informed, keys.product(id), source.load)).toBe('new')
})

test('a load with the very version of the notice counts as older', async () => {
  const [a, b] = await twoReplicas()
  const id = nextId++
  b.cache.changed(keys.productChange([id]), 5000)
  await a.cache.get(keys.product(id), async () => ({ body: Buffer.from('old'), version: 5000 }))
  const found = await b.cache.get(keys.product(id), async () => ({ body: Buffer.from('new'), version: 5001 }))
  expect(found.entry.body?.toString()).toBe('new')
})

test('a process refuses what Redis still holds from before a change, though Redis lost its fence', async () => {
  const [a, b] = await twoReplicas()
  const id = nextId++
  const source = createSource('old')
  await a.cache.get(keys.product(id), source.load)
  const redis = new Redis(serviceUrls().REDIS_URL)
  const { entry, fence } = keys.product(id)
  const bytes = await eventually(() => redis.getBuffer(entry))
  b.cache.changed(keys.productChange([id]), source.commit('new'))
  await eventually(() => redis.exists(fence))

  await redis.del(fence)
  await redis.set(entry, bytes, 'PX', 3_600_000)
  redis.disconnect()
  expect(await textOf(b, keys.product(id), source.load)).toBe('new')
})

test('a change of one product supersedes every list, also for a replica that starts afterwards', async () => {
  const [a, b] = await twoReplicas()
  const source = createSource('[old]')
  const list = keys.productList('first')
  await textOf(a, list, source.load)
  const version = source.commit('[new]')
  a.cache.changed([...keys.productChange([nextId++]), keys.productLists], version)
  await eventually(() => Date.now() > version)

  expect(await textOf(b, list, source.load)).toBe('[new]')
  expect(await textOf(a, list, source.load)).toBe('[new]')
})

test('after a gap in the notices nothing that was loaded before it counts as fresh', async () => {
  const [a] = await twoReplicas()
  const key = keys.product(nextId++)
  const source = createSource('old')
  await a.cache.get(key, source.load)
  expect(a.cache.peek(key)).toBeDefined()
  a.cache.missedChanges()
  expect(a.cache.peek(key)).toBeUndefined()
})
