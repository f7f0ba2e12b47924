import { expect, test } from '@jest/globals'
import { probeNats, probePostgres, probeRedis, startNats, startPostgres, startRedis } from '@runnel/testing'
import { findServices, type FindOptions } from '../src/find-services.ts'
import { SERVICE_KINDS } from '../src/service-kinds.ts'

/** Nothing listens on a reserved port. */
const CLOSED = [1]
const nothingLocal = { DATABASE_URL: CLOSED, NATS_URL: CLOSED, REDIS_URL: CLOSED }

function options(more: Partial<FindOptions> = {}): FindOptions & { lines: string[] } {
  const lines: string[] = []
  return {
    env: {},
    localPorts: nothingLocal,
    mayInstall: false,
    report: (line) => lines.push(line),
    lines,
    ...more,
  }
}

test('with nothing on the standard ports, private servers come up, answer, and go with close', async () => {
  const given = options()
  const { urls, close } = await findServices(given)
  await probePostgres(urls.DATABASE_URL)
  await probeNats(urls.NATS_URL)
  await probeRedis(urls.REDIS_URL)
  expect(given.lines).toHaveLength(3)
  expect(given.lines.every((line) => line.includes('started for this run'))).toBe(true)
  await close()
  await expect(probePostgres(urls.DATABASE_URL)).rejects.toThrow()
  await expect(probeNats(urls.NATS_URL)).rejects.toThrow()
  await expect(probeRedis(urls.REDIS_URL)).rejects.toThrow()
})

test('what answers on a local port is used and left running', async () => {
  await using postgres = await startPostgres()
  await using nats = await startNats()
  await using redis = await startRedis()
  const localPorts = {
    DATABASE_URL: [...CLOSED, postgres.port],
    NATS_URL: [nats.port],
    REDIS_URL: [redis.port],
  }
  const { urls, close } = await findServices(options({ localPorts }))
  expect(urls).toEqual({ DATABASE_URL: postgres.url, NATS_URL: nats.url, REDIS_URL: redis.url })
  await close()
  await probePostgres(postgres.url)
  await probeNats(nats.url)
  await probeRedis(redis.url)
})

test('a named service that answers is used', async () => {
  await using redis = await startRedis()
  const { urls, close } = await findServices(
    options({ env: { REDIS_URL: redis.url }, kinds: SERVICE_KINDS.filter(({ name }) => name === 'Redis') }),
  )
  expect(urls.REDIS_URL).toBe(redis.url)
  await close()
})

test('a named service that does not answer is an error that names its variable, and not its password', async () => {
  const env = { DATABASE_URL: 'postgres://me:secret@127.0.0.1:1/x' }
  const given = options({ env })
  const failure = await findServices(given).catch((error: Error) => error.message)
  expect(failure).toMatch(/DATABASE_URL is set, but 127\.0\.0\.1:1 cannot be used: .*ECONNREFUSED/)
  expect(failure).not.toContain('secret')
  expect(given.lines).toEqual([])
})

test('a server of another kind on a standard port is not taken for the right one', async () => {
  await using redis = await startRedis()
  const ports = [redis.port]
  const given = options({ localPorts: { DATABASE_URL: ports, NATS_URL: ports, REDIS_URL: CLOSED } })
  const { urls, close } = await findServices(given)
  expect(new URL(urls.DATABASE_URL).port).not.toBe(String(redis.port))
  expect(new URL(urls.NATS_URL).port).not.toBe(String(redis.port))
  await close()
})

test('when nothing is installed, every missing service is named', async () => {
  const kinds = SERVICE_KINDS.map((kind) => ({ ...kind, isInstalled: () => false }))
  const failure = await findServices(options({ kinds })).catch((error: Error) => error.message)
  expect(failure).toMatch(/PostgreSQL \(DATABASE_URL\): 127\.0\.0\.1:1: .*; it is not installed/)
  expect(failure).toMatch(/NATS \(NATS_URL\): .*it is not installed/)
  expect(failure).toMatch(/Redis \(REDIS_URL\): .*it is not installed/)
})
