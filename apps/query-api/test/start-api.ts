import { connectRedis, createCache, createCacheKeys } from '@runnel/cache'
import { createTopology } from '@runnel/contracts'
import { connectNats } from '@runnel/messaging'
import { createLogger, createMetrics } from '@runnel/observability'
import { connectDatabase } from '@runnel/repositories'
import { CleanupStack } from '@runnel/runtime'
import { eventually, serviceUrls } from '@runnel/testing'
import { createQueryApi, type QueryLimits } from '../src/index.ts'

export interface StartOptions {
  readonly databaseUrl: string
  readonly prefix: string
  readonly redisUrl?: string
  readonly scanTimeoutMs?: number
  readonly limits?: Partial<QueryLimits>
}

const LIMITS: QueryLimits = {
  pageItems: 1000,
  pageBytes: 1_000_000,
  points: 500,
  series: 5,
  warmProducts: 0,
  queries: 20,
}

/** One replica of query-api in this process, over real stores. */
export async function startApi(options: StartOptions) {
  const urls = serviceUrls()
  const log = createLogger('query-api', 'silent')
  const metrics = createMetrics('query-api')
  const cleanup = new CleanupStack()
  const pool = { url: options.databaseUrl, applicationName: 'test', poolSize: 2, connectTimeoutMs: 500 }
  const lookups = cleanup.use(connectDatabase({ ...pool, statementTimeoutMs: 2000 }))
  const scans = cleanup.use(connectDatabase({ ...pool, statementTimeoutMs: options.scanTimeoutMs ?? 5000 }))
  const remote = cleanup.use(connectRedis(options.redisUrl ?? urls.REDIS_URL, log))
  const notices = cleanup.use(await connectNats({ url: urls.NATS_URL, name: 'test', log }))
  const topology = createTopology(options.prefix)
  const cache = createCache({ metrics, remote, maxBytes: 10_000_000 })
  const { http, start } = await createQueryApi({
    ...{ log, metrics, lookups, scans, notices, topology },
    cache,
    keys: createCacheKeys(options.prefix),
    limits: { ...LIMITS, ...options.limits },
    signal: cleanup.signal,
  })
  cleanup.use(http)
  await eventually(() => remote.connected())
  return {
    http,
    notices,
    changes: topology.changes,
    start,
    /** As a reconnect of the broker does: nothing in this process counts as fresh any more. */
    loseFreshness: () => cache.missedChanges(),
    get: (url: string, headers: Record<string, string> = {}) => http.inject({ url, headers }),
    close: () => cleanup.close(),
  }
}

export type Api = Awaited<ReturnType<typeof startApi>>
