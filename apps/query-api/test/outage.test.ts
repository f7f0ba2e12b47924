import { afterAll, beforeAll, expect, test } from '@jest/globals'
import {
  createTestDatabase,
  eventually,
  startPostgres,
  startRedis,
  testPrefix,
  type ManagedProcess,
} from '@runnel/testing'
import { connectDatabase } from '@runnel/repositories-database'
import { Redis } from 'ioredis'
import { sql } from 'kysely'
import { openWriter, product } from './builders.ts'
import { insertMailing, transition } from './mailing-rows.ts'
import { startApi, type Api } from './start-api.ts'

let postgres: ManagedProcess
let redis: ManagedProcess
let api: Api
let url: string
/** Set: the clock of the in-process cache stands still. */
let frozenAtMs: number | undefined

beforeAll(async () => {
  ;[postgres, redis] = await Promise.all([startPostgres(), startRedis()])
  url = (await createTestDatabase({ serverUrl: postgres.url })).url
  const writer = await openWriter(url)
  await writer.products(...[1, 2, 3].map((id) => product(id)))
  await insertMailing(writer.database, { id: 1, messages: 10, firstMessageId: 1 })
  await writer.close()
  api = await startApi({
    ...{ databaseUrl: url, redisUrl: redis.url, prefix: testPrefix(), scanTimeoutMs: 200 },
    now: () => frozenAtMs ?? performance.now(),
  })
})

afterAll(async () => {
  await api?.close()
  await Promise.all([postgres?.close(), redis?.close()])
})

/** Instead of waiting for 15 s. */
async function giveUpFreshness(): Promise<void> {
  const client = new Redis(redis.url)
  await client.flushall()
  client.disconnect()
  api.loseFreshness()
}

const CACHED = [
  ...['/api/v1/products/1', '/api/v1/products', '/products', '/'],
  ...['/api/v1/mailings/stats', '/api/v1/mailings/1/stats', '/api/v1/messages/1'],
]

test.each([
  ['log', '/api/v1/logs'],
  ['message', '/api/v1/messages?mailing=1&status=sent'],
  ['product', '/api/v1/products?q=x'],
  ['product', '/api/v1/products?sort=price'],
])('a query of table %s that takes too long is refused, with what would help', async (table, path) => {
  const database = connectDatabase({ url, applicationName: 'test', poolSize: 1, statementTimeoutMs: 10_000 })
  const blocker = await database.kysely.startTransaction().execute()
  await sql`lock table ${sql.table(table)} in access exclusive mode`.execute(blocker)
  const response = await api.get(path)
  await blocker.rollback().execute()
  await database.close()
  expect(response.json()).toMatchObject({
    status: 503,
    code: 'query_too_slow',
    detail: expect.stringContaining('narrow'),
  })
  expect(Number(response.headers['retry-after'])).toBeGreaterThan(0)
  expect((await api.get(path)).statusCode).toBe(200)
})

test('while Postgres is unreachable what is cached is served as stale, and the rest is a 503 until it is back', async () => {
  for (const url of CACHED) expect((await api.get(url)).statusCode).toBe(200)
  await postgres.kill('SIGKILL')
  await giveUpFreshness()

  for (const url of CACHED) {
    const response = await api.get(url)
    expect([url, response.statusCode, response.headers['cache-status']]).toEqual([
      url,
      200,
      'runnel; hit; detail=stale',
    ])
  }
  const uncached = ['/api/v1/products/2', '/api/v1/products?q=x', '/api/v1/logs', '/api/v1/metrics/names']
  uncached.push('/api/v1/messages', '/api/v1/messages/2', '/api/v1/mailings/2/stats')
  for (const url of uncached) {
    const response = await api.get(url)
    expect([url, response.statusCode]).toEqual([url, 503])
    expect(response.json().code).toBe('database_unavailable')
    expect(Number(response.headers['retry-after'])).toBeGreaterThan(0)
  }
  for (const url of ['/', '/product?id=1']) expect((await api.get(url)).body).toContain('may be out of date')
  for (const url of ['/?q=x', '/product?id=2']) {
    const response = await api.get(url)
    expect([response.statusCode, response.headers['content-type']]).toEqual([503, 'text/html; charset=utf-8'])
    expect(response.body).toContain('does not answer')
  }

  await postgres.restart()
  await eventually(
    async () => (await api.get('/api/v1/products/1')).headers['cache-status'] !== 'runnel; hit; detail=stale',
  )
  await eventually(async () => (await api.get('/api/v1/products/2')).statusCode === 200)
  // Each view is read anew on its own.
  await eventually(async () => !(await api.get('/')).body.includes('out of date'))
})

test('a Postgres that hangs delays one request for a cached product, and is used again later', async () => {
  await api.get('/api/v1/products/1')
  await giveUpFreshness()
  await postgres.kill('SIGSTOP')
  frozenAtMs = performance.now()
  const expectStale = async () =>
    expect((await api.get('/api/v1/products/1')).headers['cache-status']).toBe('runnel; hit; detail=stale')
  await expectStale()
  const misses = await countMisses()
  for (let i = 0; i < 10; i++) await expectStale()
  // Each miss would have waited for Postgres.
  expect(await countMisses()).toBe(misses)
  frozenAtMs = undefined
  await postgres.kill('SIGCONT')
  await eventually(
    async () => (await api.get('/api/v1/products/1')).headers['cache-status'] === 'runnel; hit',
  )
})

test('without Redis every read is answered', async () => {
  await redis.kill('SIGKILL')
  for (let i = 0; i < 20; i++) {
    api.loseFreshness()
    for (const url of CACHED) {
      expect((await api.get(url)).statusCode).toBe(200)
    }
  }
})

test('without Redis statistics go on being right', async () => {
  const writer = await openWriter(url)
  await transition(writer.database, [
    { messageId: 1, to: 'sent' },
    { messageId: 2, to: 'failed' },
  ])
  await writer.close()
  const expected = { pending: 8, sent: 1, failed: 1 }
  for (const path of ['/api/v1/mailings/1/stats', '/api/v1/mailings/stats'])
    await eventually(async () => {
      const answer = (await api.get(path)).json<{ counts?: object; items: { counts: object }[] }>()
      return isSubset(expected, answer.counts ?? answer.items[0]!.counts)
    })
  await eventually(async () => (await api.get('/api/v1/messages/1')).body.includes('"status":"sent"'))
})

function isSubset(expected: Record<string, number>, counts: object): boolean {
  return Object.entries(expected).every(([name, count]) => Reflect.get(counts, name) === count)
}

/** Look-ups for which the cache of this process had nothing fresh, and asked Postgres. */
async function countMisses(): Promise<number> {
  const { body } = await api.get('/metrics')
  return Number(/runnel_cache_requests_total\{layer="memory",outcome="miss".*\} (\d+)/.exec(body)![1])
}
