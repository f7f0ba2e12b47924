import { afterAll, expect, test } from '@jest/globals'
import {
  createTestDatabase,
  eventually,
  freePort,
  spawnApp,
  startPostgres,
  testPrefix,
} from '@runnel/testing'
import { connectDatabase, migrateToLatest } from '@runnel/repositories-database'
import { cleanRedis } from './clean-redis.ts'
import { openWriter, product } from './builders.ts'

const POOL = { applicationName: 'test', poolSize: 1, statementTimeoutMs: 10_000 }
const prefix = testPrefix()
const COMMON = { SUBJECT_PREFIX: prefix, LOG_LEVEL: 'info' }

afterAll(() => cleanRedis(prefix))

const status = async (url: string) => (await fetch(url)).status

test('the process serves what is stored, and drains on SIGTERM with exit code 0', async () => {
  await using database = await createTestDatabase()
  const writer = await openWriter(database.url)
  await writer.products(product(1))
  await writer.close()
  const app = await spawnApp('query-api', { ...COMMON, DATABASE_URL: database.url }, { waitFor: '/readyz' })
  const response = await fetch(`${app.url}/api/v1/products/1`)
  expect([response.status, response.headers.get('cache-status')]).toEqual([200, 'runnel; hit'])
  expect(await status(`${app.url}/docs/json`)).toBe(200)
  expect(await (await fetch(`${app.url}/metrics`)).text()).toContain('runnel_cache_requests_total')
  expect(await app.stop()).toEqual({ code: 0, signal: null })
})

test('all problems of a configuration are reported at once', async () => {
  const app = await spawnApp(
    'query-api',
    { PAGE_MAX_ITEMS: 'many', REDIS_URL: 'http://x' },
    { waitFor: false },
  )
  expect((await app.exited).code).toBe(1)
  expect(app.logs()).toContain('PAGE_MAX_ITEMS')
  expect(app.logs()).toContain('REDIS_URL')
})

test('a database without migrations ends the process', async () => {
  await using database = await createTestDatabase({ migrated: false })
  const app = await spawnApp('query-api', { ...COMMON, DATABASE_URL: database.url }, { waitFor: false })
  expect((await app.exited).code).toBe(1)
  expect(app.logs()).toContain('npm run migrate')
})

test('without Postgres, NATS and Redis the process lives unready, and becomes ready by itself', async () => {
  await using postgres = await startPostgres()
  const database = connectDatabase({ ...POOL, url: postgres.url })
  await migrateToLatest(database)
  await database.close()
  await postgres.stop()
  const nowhere = await freePort()
  await using app = await spawnApp('query-api', {
    ...COMMON,
    DATABASE_URL: postgres.url,
    NATS_URL: `nats://127.0.0.1:${nowhere}`,
    REDIS_URL: `redis://127.0.0.1:${nowhere}`,
  })
  expect(await status(`${app.url}/readyz`)).toBe(503)
  expect(await status(`${app.url}/api/v1/products/1`)).toBe(503)
  await postgres.restart()
  await eventually(async () => (await status(`${app.url}/readyz`)) === 200)
  expect(await status(`${app.url}/api/v1/products/1`)).toBe(404)
  expect((await app.stop()).code).toBe(0)
})

test('SIGTERM while it waits for the database ends it in order', async () => {
  const nowhere = await freePort()
  const app = await spawnApp('query-api', { ...COMMON, DATABASE_URL: `postgres://127.0.0.1:${nowhere}/x` })
  expect(await app.stop()).toEqual({ code: 0, signal: null })
  expect(app.logs()).not.toContain('"level":"fatal"')
})
