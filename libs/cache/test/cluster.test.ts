import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { eventually, findBinary, runIf, startRedisCluster, type RedisCluster } from '@runnel/testing'
import { createCacheKeys, createTokenBuckets } from '../src/index.ts'
import { createSource, startReplica, type Replica } from './replica.ts'

const keys = createCacheKeys('')

runIf(
  findBinary('redis-server') !== undefined && findBinary('redis-cli') !== undefined,
  describe,
  'Redis is not installed',
)('a cluster of Redis', () => {
  let cluster: RedisCluster
  const replicas: Replica[] = []

  const open = async (): Promise<Replica> => {
    // One node is named: the others are learned from it.
    const started = await startReplica(cluster.nodes[0].url.replace('redis:', 'redis+cluster:'))
    replicas.push(started)
    return started
  }

  beforeAll(async () => {
    cluster = await startRedisCluster()
  }, 60_000)
  afterAll(async () => {
    replicas.forEach(({ remote }) => remote.close())
    await cluster?.[Symbol.asyncDispose]()
  })

  it('takes every entry, fence and bucket, on whichever node its slot is', async () => {
    const [a, b] = [await open(), await open()]
    const source = createSource('value')
    const every = [
      ...Array.from({ length: 20 }, (_, id) => keys.product(id + 1)),
      ...[
        keys.productList('first'),
        keys.message(1),
        keys.mailingStatistics(1),
        keys.mailingOverview('first'),
      ],
    ]
    for (const key of every) await a.cache.get(key, source.load)
    for (const key of every) await eventually(async () => (await b.remote.read(key))?.found !== undefined)
    const loads = source.loads()
    for (const key of every) expect((await b.cache.get(key, source.load)).status).toBe('hit')
    expect(source.loads()).toBe(loads)

    const version = source.commit('newer')
    a.cache.changed(
      [...keys.productChange(every.slice(0, 20).map((_, at) => at + 1)), keys.productLists],
      version,
    )
    for (const key of every.slice(0, 20))
      await eventually(async () => (await b.remote.read(key))?.found === undefined)
    await eventually(async () => (await b.remote.read(every[20]!))?.found?.superseded === true)

    const buckets = createTokenBuckets(a.remote)
    for (const name of ['one', 'two', 'three', 'four']) {
      const demand = { ratePerSecond: 1, capacity: 5, wanted: 3, least: 1 }
      expect(await buckets.takeTokens(keys.rate(name), demand)).toMatchObject({ granted: 3 })
    }
  }, 60_000)

  it('with a node that was killed causes no error, and is used again once it is back', async () => {
    const { cache, remote } = await open()
    const source = createSource('value')
    await cluster.nodes[2].kill('SIGKILL')
    for (let id = 100; id < 130; id++)
      expect((await cache.get(keys.product(id), source.load)).entry.body?.toString()).toBe('value')
    await cluster.nodes[2].restart()
    for (let id = 100; id < 130; id++)
      await eventually(async () => (await remote.read(keys.product(id))) !== undefined)
  }, 60_000)
})
