import type { Cache, CacheKeys } from '@runnel/cache'
import type { Topology } from '@runnel/contracts'
import { createHttpServer, type HttpServer } from '@runnel/http'
import type { Notices } from '@runnel/messaging'
import type { Logger, Metrics } from '@runnel/observability'
import { waitUntilMigrated, type Database } from '@runnel/repositories'
import { createCatalogue } from './catalogue.ts'
import { followChanges } from './follow-changes.ts'
import type { QueryLimits } from './limits.ts'
import { createStore } from './store.ts'
import { addLogRoutes } from './routes/logs.ts'
import { addLogStatsRoute } from './routes/log-stats.ts'
import { addMetricRoutes } from './routes/metrics.ts'
import { addMetricSeriesRoute } from './routes/metric-series.ts'
import { addPageRoutes } from './routes/pages.ts'
import { addProductRoutes } from './routes/products.ts'
import { addWholeListRoute } from './routes/whole-list.ts'
import { warmProducts } from './warm-products.ts'

export interface QueryDeps {
  readonly log: Logger
  readonly metrics: Metrics
  /** For products: short queries. */
  readonly lookups: Database
  /** For logs and metrics: a pool of its own, so that no scan keeps a product waiting. May be the same. */
  readonly scans: Database
  readonly cache: Cache
  readonly keys: CacheKeys
  readonly notices: Notices
  readonly topology: Topology
  readonly limits: QueryLimits
  /** Aborted when the process drains. */
  readonly signal: AbortSignal
}

export interface QueryApi {
  readonly http: HttpServer
  /**
   * Waits for the database, warms the cache and becomes ready.
   *
   * @throws UnmigratedError when the database answers without all migrations
   * @throws AbortError when the process drains meanwhile
   */
  start(): Promise<void>
}

/** Small: this app takes no bodies. */
const BODY_LIMIT_BYTES = 16 * 1024

/** Cached reads, search, series and pages. Builds; the caller listens, then starts. */
export async function createQueryApi(deps: QueryDeps): Promise<QueryApi> {
  const { log, metrics, cache, keys, notices, limits, signal } = deps
  let started = false
  const http = await createHttpServer({
    log,
    metrics,
    signal,
    docs: { title: 'Runnel query-api', description: 'Reads of products, logs and metrics' },
    checks: {
      // Only until the first contact: later on, cached reads are worth having while the database is away.
      database: () => {
        if (!started) throw new Error('the database has not answered yet')
      },
    },
    bodyLimitBytes: BODY_LIMIT_BYTES,
  })
  const store = createStore(deps.lookups, deps.scans, limits.queries)
  const catalogue = createCatalogue(store, cache, keys)
  addWholeListRoute(http, catalogue)
  addProductRoutes(http, catalogue, limits)
  addLogRoutes(http, store, limits)
  addLogStatsRoute(http, store, limits)
  addMetricRoutes(http, store, limits)
  addMetricSeriesRoute(http, store, limits)
  await http.register(async (scope: HttpServer) => addPageRoutes(scope, catalogue))
  const unfollow = followChanges({ log, notices, subject: deps.topology.changes, cache, keys })
  http.addHook('onClose', async () => unfollow())
  const start = async () => {
    await waitUntilMigrated(deps.lookups, signal, (err) => log.warn({ err }, 'the database is away'))
    await warmProducts({ log, store, cache, keys, limit: limits.warmProducts })
    started = true
  }
  return { http, start }
}
