import type { Cache, CacheKeys } from '@runnel/cache'
import type { Topology } from '@runnel/contracts'
import {
  createHttpServer,
  createAddressOf,
  createPeerOf,
  createShares,
  createSignOwn,
  DEFAULT_HTTP_OPTIONS,
  RequestCallers,
  type CreateShare,
  type HttpOptions,
  type HttpServer,
  type PeerOf,
} from '@runnel/http'
import type { Notices } from '@runnel/messaging'
import type { Logger, Metrics } from '@runnel/observability'
import { acceptedSecrets } from '@runnel/runtime'
import {
  type Database,
  describeLetterCase,
  type ReplicaSet,
  waitUntilMigrated,
} from '@runnel/repositories-database'
import { createCatalogue } from './catalogue.ts'
import { ProductChanges } from './changes/product-changes.ts'
import { addConsoleRoutes } from './console/console-routes.ts'
import { addForwarding } from './forward/add-forwarding.ts'
import { answerUnknownPages } from './pages/answer-unknown-pages.ts'
import { createMailingViews } from './mailing-views.ts'
import { followChanges } from './follow-changes.ts'
import type { QueryLimits } from './limits.ts'
import { addPeopleRoutes, keyPathOf, signInPathOf, withPeople } from './people/add-people-routes.ts'
import { createSignIn, type SignIn } from './people/create-sign-in.ts'
import type { PeopleSettings } from './people/settings.ts'
import type { Services } from './services.ts'
import { RequestPositions } from './replicas/request-positions.ts'
import { createStore, type Store } from './store.ts'
import { addOperationsRoute } from './operations/operations-route.ts'
import { addAddressRoute } from './routes/address-route.ts'
import { addRemoteReadRoute } from './remote-read/remote-read-route.ts'
import { addLogContextRoute } from './routes/log-context-route.ts'
import { addLogRoutes } from './routes/log-routes.ts'
import { addLogStatsRoute } from './routes/log-stats-route.ts'
import { addLogExportRoute } from './routes/log-export-route.ts'
import { addLogPatternsRoute } from './routes/log-patterns-route.ts'
import { addLogValuesRoute } from './routes/log-values-route.ts'
import { addLogFieldsRoute } from './routes/log-fields-route.ts'
import { addLogTailRoute } from './routes/log-tail-route.ts'
import { addMailingStatisticsRoutes } from './routes/mailing-statistics-routes.ts'
import { addMeRoutes, KEY_SIGN_IN } from './routes/me-routes.ts'
import { addMessageRoutes } from './routes/message-routes.ts'
import { addMetricRoutes } from './routes/metric-routes.ts'
import { addMetricSeriesRoute } from './routes/metric-series-route.ts'
import { addPageRoutes } from './routes/page-routes.ts'
import { addProductChangesRoute } from './routes/product-changes-route.ts'
import { addProductRoutes } from './routes/product-routes.ts'
import { addTraceRoutes } from './routes/trace-routes.ts'
import { addTraceStatisticsRoutes } from './routes/trace-statistics-routes.ts'
import { addWholeListRoute } from './routes/whole-list-route.ts'
import { createCheckServers, type Reachable } from './system/check-servers.ts'
import { createReadRetention } from './system/read-retention.ts'
import { addSystemRoute } from './system/system-route.ts'
import { createLogTail } from './tail/create-log-tail.ts'
import { warmProducts } from './warm-products.ts'

export interface QueryDeps {
  readonly log: Logger
  readonly metrics: Metrics
  /** For products, one message, the statistics of one mailing: short queries. */
  readonly lookups: Database
  /** For logs, metrics and lists of messages: a pool of its own, so that no scan keeps a product waiting. May be the same. */
  readonly scans: Database
  /** Standbys for searches, counts, series, exports and lists. Without, they go to `scans`. */
  readonly replicas?: Pick<ReplicaSet, 'run'> | undefined
  /** The time that "the last 24 hours" end at. */
  readonly clock: { nowMs(): number }
  readonly cache: Cache
  readonly keys: CacheKeys
  readonly notices: Notices
  /** Whether the broker, and Redis where there is one, are reached: only for the page of the system. */
  readonly broker: Reachable
  readonly redis: Reachable | undefined
  readonly topology: Topology
  readonly limits: QueryLimits
  /** Folder of the built console. */
  readonly consoleFolder: string
  /** The other apps: the console writes to them, and shows their status. */
  readonly services: Services
  /** Whether they are all this process, as in the standalone mode. Default: each is one of its own. */
  readonly oneProcess?: boolean | undefined
  /** Milliseconds that one of them may be silent under a forwarded request. */
  readonly forwardTimeoutMs: number
  /** Where callers reach ingest-api; empty or left out: at the host that they reach this app at. */
  readonly ingestPublicUrl?: string | undefined
  /** How people sign in, and a pool of its own for their sessions. Without, they do not. */
  readonly people?: { readonly settings: PeopleSettings; readonly database: Database } | undefined
  /** How requests are judged before their routes. Default: the settings of an empty environment. */
  readonly httpOptions?: HttpOptions | undefined
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

/** Small: this app takes no bodies; what it forwards is not held to this. */
const BODY_LIMIT_BYTES = 16 * 1024
/** Files of clients go through, and the message-dispatcher gives them this long by default. Headers have 60 s. */
const REQUEST_TIMEOUT_MS = 3_600_000

const NOT_YET = 'the database has not answered yet'

/** Cached reads, search, series and pages. Builds; the caller listens, then starts. */
export async function createQueryApi(deps: QueryDeps): Promise<QueryApi> {
  const { log, metrics, cache, keys, notices, limits, signal, httpOptions = DEFAULT_HTTP_OPTIONS } = deps
  let started = false
  const addressOf = createAddressOf(httpOptions.trustedProxies)
  const peerOf = createPeerOf(addressOf)
  const createShare = createShares(metrics, httpOptions)
  const { identitySecret, identitySecretSecond } = httpOptions.access ?? {}
  const secrets = acceptedSecrets(identitySecret, identitySecretSecond)
  const signIn = deps.people && createSignIn({ ...deps.people, secrets, addressOf, createShare, log })
  const http = await createHttpServer({
    log,
    metrics,
    signal,
    docs: { title: 'Runnel query-api', description: 'Reads of products, logs, metrics, traces and mailings' },
    checks: {
      // Only until the first contact: later on, cached reads are worth having while the database is unreachable.
      database: () => {
        if (!started) throw new Error(NOT_YET)
      },
    },
    bodyLimitBytes: BODY_LIMIT_BYTES,
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
    http: withPeople(httpOptions, signIn),
  })
  const callers = new RequestCallers(http, peerOf)
  const store = createStoreOf(deps, { callers, positions: new RequestPositions(http), createShare })
  const catalogue = createCatalogue(store, cache, keys)
  addWholeListRoute(http, catalogue, limits)
  addProductRoutes(http, catalogue, limits)
  const changes = new ProductChanges({
    share: createShare({ name: 'changes', what: 'streams of changes', permits: limits.changesClients }),
    signal,
  })
  addProductChangesRoute(http, changes, peerOf)
  addEventRoutes(http, deps, store, { callers, createShare, peerOf })
  await addRemoteReadRoute(http, { store, limits, callers, createShare })
  const views = createMailingViews(store, cache, keys)
  addMailingStatisticsRoutes(http, views, limits)
  addMessageRoutes(http, views, store, limits)
  addMeRoutes(http, { signInAt: signIn && signInPathOf(signIn), keyAt: keyPathOf(signIn) })
  if (signIn) await addPeopleRoutes(http, signIn, httpOptions, metrics)
  const signInAt = toSignIn(signIn)
  await http.register(async (scope: HttpServer) => addPageRoutes(scope, catalogue, limits, signInAt))
  await addForwarding(http, { ...deps, addressOf, createShare, timeoutMs: deps.forwardTimeoutMs })
  addAddressRoute(http, deps)
  addOperationsRoute(http, deps)
  addSystem(http, deps, () => started)
  await addConsoleRoutes(http, deps.consoleFolder)
  await answerUnknownPages(http)
  const unfollow = followChanges({
    ...{ log, notices, cache, keys, changes },
    subject: deps.topology.changes,
    now: () => deps.clock.nowMs(),
  })
  http.addHook('onClose', async () => unfollow())
  const start = async () => {
    await waitUntilMigrated(deps.lookups, signal, (err) => log.warn({ err }, 'the database is unreachable'))
    // An outage at this moment costs the warning alone.
    const limit = await describeLetterCase(deps.lookups).catch(() => undefined)
    if (limit !== undefined) log.warn(limit)
    const warm = { items: limits.warmProducts, bytes: limits.pageBytes }
    await warmProducts({ log, store, cache, keys, limits: warm })
    started = true
  }
  return { http, start }
}

interface StoreParts {
  readonly callers: RequestCallers
  readonly positions: RequestPositions
  readonly createShare: CreateShare
}

function createStoreOf(deps: QueryDeps, { callers, positions, createShare }: StoreParts): Store {
  return createStore(deps.lookups, deps.scans, {
    clock: deps.clock,
    maxQueries: deps.limits.queries,
    waitMs: deps.limits.queryWaitMs,
    createShare,
    caller: () => callers.current(),
    replicas: deps.replicas,
    position: () => positions.current(),
  })
}

function addSystem(http: HttpServer, deps: QueryDeps, hasStarted: () => boolean): void {
  addSystemRoute(http, {
    ...deps,
    failures: () => (hasStarted() ? {} : { database: NOT_YET }),
    checkServers: createCheckServers({ ...deps, database: deps.lookups }),
    readRetention: createReadRetention(deps.lookups),
    signOwn: createSignOwn((deps.httpOptions ?? DEFAULT_HTTP_OPTIONS).access, [
      'system:read',
      'metrics:scrape',
    ]),
  })
}

interface EventRouteOptions {
  readonly callers: RequestCallers
  readonly createShare: CreateShare
  readonly peerOf: PeerOf
}

/** Logs, metrics and traces. */
function addEventRoutes(
  http: HttpServer,
  deps: QueryDeps,
  store: Store,
  { callers, createShare, peerOf }: EventRouteOptions,
): void {
  const { limits } = deps
  addLogRoutes(http, store, limits)
  addLogContextRoute(http, store, limits)
  addLogStatsRoute(http, store, limits)
  addLogValuesRoute(http, store, limits)
  addLogPatternsRoute(http, store, limits)
  addLogFieldsRoute(http, store)
  addLogTailRoute(http, createLogTail({ ...deps, createShare }, store), peerOf)
  addLogExportRoute(http, { store, limits, callers, createShare })
  addMetricRoutes(http, store, limits)
  addMetricSeriesRoute(http, store, limits)
  addTraceStatisticsRoutes(http, store, limits)
  addTraceRoutes(http, store, limits)
}

/** @returns where a person signs in to come back to a path */
function toSignIn(signIn: SignIn | undefined): (path: string) => string {
  return (path) => (signIn ? `${signInPathOf(signIn)}?to=${encodeURIComponent(path)}` : KEY_SIGN_IN)
}
