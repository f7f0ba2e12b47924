import { connectRedis, createCache, createCacheKeys } from '@runnel/cache'
import { createTopology } from '@runnel/contracts'
import { connectBroker } from '@runnel/messaging'
import { DEFAULT_HTTP_OPTIONS, type HttpOptions } from '@runnel/http'
import { createLogger, createMetrics, type Logger } from '@runnel/observability'
import { connectDatabase } from '@runnel/repositories-database'
import { CleanupStack } from '@runnel/runtime'
import { eventually, serviceUrls } from '@runnel/testing'
import type { QueryDeps } from '../src/app.ts'
import { openReplicas } from '../src/replicas/open-replicas.ts'
import { createQueryApi, type QueryLimits, type Services } from '../src/index.ts'
import { SERVICE_NAMES } from '../src/services.ts'

export interface StartOptions {
  readonly databaseUrl: string
  readonly prefix: string
  readonly redisUrl?: string
  /** Standbys; `probe()` asks how far they are. */
  readonly readUrl?: string
  readonly scanTimeoutMs?: number
  readonly limits?: Partial<QueryLimits>
  /** Folder of a built console; none by default. */
  readonly consoleFolder?: string
  /** Origins of the other apps; by default nothing answers there. */
  readonly services?: Partial<Services>
  readonly forwardTimeoutMs?: number
  readonly ingestPublicUrl?: string
  /** Clock of the in-process cache: monotonic milliseconds. */
  readonly now?: () => number
  /** By default no proxy is trusted, and a peer may hold everything. */
  readonly httpOptions?: Partial<HttpOptions>
  readonly people?: QueryDeps['people']
  readonly log?: Logger
}

/** A command to Redis takes longer than usual on a busy machine; that is no outage here. */
const REDIS_PATIENCE_MS = 10_000

/** Nothing listens on this port. Not a low one: fetch refuses those itself. */
const UNUSED = 'http://127.0.0.1:65535'

const SERVICES = Object.fromEntries(SERVICE_NAMES.map((name) => [name, UNUSED])) as Services

const LIMITS: QueryLimits = {
  pageItems: 1000,
  pageBytes: 1_000_000,
  points: 500,
  series: 5,
  traceSpans: 20,
  warmProducts: 0,
  queries: 20,
  tailClients: 3,
  tailLines: 50,
  tailBytes: 100_000,
  tailBacklogBytes: 10_000_000,
  changesClients: 3,
  searchMs: 60_000,
  searchRows: 20_000,
  exportItems: 2500,
  remoteReads: 4,
  remoteReadSamples: 5000,
  remoteReadSeries: 100,
  exports: 8,
  queryWaitMs: 10_000,
}

/** One replica of query-api in this process, over real stores. */
export async function startApi(options: StartOptions) {
  const urls = serviceUrls()
  const log = options.log ?? createLogger('query-api', 'silent')
  const metrics = createMetrics('query-api')
  const cleanup = new CleanupStack()
  const pool = { url: options.databaseUrl, applicationName: 'test', poolSize: 2, connectTimeoutMs: 10_000 }
  const lookups = cleanup.use(connectDatabase({ ...pool, statementTimeoutMs: 2000 }))
  const scans = cleanup.use(connectDatabase({ ...pool, statementTimeoutMs: options.scanTimeoutMs ?? 5000 }))
  const replicas =
    options.readUrl === undefined
      ? undefined
      : openReplicas({
          ...{ log, metrics, scans, url: options.readUrl, maxLagMs: 600_000 },
          pool: { poolSize: 2, statementTimeoutMs: 5000 },
          connect: (more) => cleanup.use(connectDatabase({ ...pool, ...more, statementTimeoutMs: 10_000 })),
        })
  const remote = cleanup.use(
    connectRedis(options.redisUrl ?? urls.REDIS_URL, log, { commandTimeoutMs: REDIS_PATIENCE_MS }),
  )
  const notices = cleanup.use(await connectBroker(urls.NATS_URL, { name: 'test', log }))
  const topology = createTopology(options.prefix)
  const cache = createCache({
    metrics,
    remote,
    maxBytes: 10_000_000,
    ...(options.now && { now: options.now }),
  })
  const { http, start } = await createQueryApi({
    ...{ log, metrics, lookups, scans, replicas, notices, topology },
    cache,
    clock: { nowMs: Date.now },
    broker: notices,
    redis: remote,
    keys: createCacheKeys(options.prefix),
    limits: { ...LIMITS, ...options.limits },
    consoleFolder: options.consoleFolder ?? '/nowhere',
    services: { ...SERVICES, ...options.services },
    forwardTimeoutMs: options.forwardTimeoutMs ?? 5000,
    ingestPublicUrl: options.ingestPublicUrl,
    httpOptions: { ...DEFAULT_HTTP_OPTIONS, peerPercent: 100, ...options.httpOptions },
    people: options.people,
    signal: cleanup.signal,
  })
  cleanup.use(http)
  await eventually(() => remote.connected())
  return {
    http,
    notices,
    topology,
    changes: topology.changes,
    start,
    /** As a reconnect of the broker does: nothing in this process counts as fresh any more. */
    loseFreshness: () => cache.missedChanges(),
    /** Asks the standbys how far they are. */
    probe: () => replicas?.probe(),
    get: (url: string, headers: Record<string, string> = {}) => http.inject({ url, headers }),
    close: () => cleanup.close(),
  }
}

export type Api = Awaited<ReturnType<typeof startApi>>
