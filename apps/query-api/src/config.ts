import {
  brokerSettings,
  databaseConnectionSettings,
  databaseSettings,
  httpUrl,
  forApp,
  integer,
  keySettings,
  pageBytes,
  readReplicaSettings,
  readSettings,
  redisSettings,
  serviceSettings,
  type Environment,
  type Setting,
  type SettingsOf,
  workersSetting,
} from '@runnel/runtime'
import { peopleSettings } from './people/settings.ts'
import { serviceUrlSettings } from './services.ts'

/** Limits of answers and of what waits; {@link QueryLimits} in limits.ts. */
const limits = {
  pageItems: integer('PAGE_MAX_ITEMS', 1000, 'Items that one page of an API list may hold', {
    min: 1,
    max: 10_000,
  }),
  pageBytes: pageBytes(),
  points: integer('SERIES_MAX_POINTS', 2000, 'Time steps that one answer may span', { min: 1, max: 100_000 }),
  series: integer('SERIES_MAX_COUNT', 50, 'Series that one answer may hold', { min: 1, max: 1000 }),
  traceSpans: integer('TRACE_MAX_SPANS', 10_000, 'Spans of a trace that one answer may hold', {
    min: 1,
    max: 100_000,
  }),
  tailClients: integer('TAIL_MAX_CLIENTS', 500, 'Clients that may follow the logs live, in one process', {
    min: 1,
    max: 100_000,
  }),
  tailLines: integer(
    'TAIL_QUEUE_LINES',
    100,
    'Log entries that may wait for one such client; older ones are dropped and counted',
    { min: 1, max: 10_000 },
  ),
  tailBytes: integer('TAIL_QUEUE_BYTES', 1024 ** 2, 'Bytes that may wait for one such client', {
    min: 1024,
  }),
  tailBacklogBytes: integer(
    'TAIL_BACKLOG_BYTES',
    16 * 1024 ** 2,
    'Bytes of log entries that may wait for being compared with the filters of such clients; what comes then counts as missed',
    { min: 1024 },
  ),
  changesClients: integer(
    'CHANGES_MAX_CLIENTS',
    1000,
    'Pages that may follow the changes of products, in one process',
    { min: 1, max: 100_000 },
  ),
  searchMs: integer(
    'SEARCH_BUDGET_MS',
    2000,
    'Milliseconds after which a search in logs answers with what it has found so far, and where it goes on',
    { min: 10 },
  ),
  searchRows: integer(
    'SEARCH_SLICE_ROWS',
    20_000,
    'Log entries that the first slice of a search looks at; the next ones are as long as takes a quarter of a second',
    { min: 100, max: 1_000_000 },
  ),
  exportItems: integer('EXPORT_MAX_ITEMS', 1_000_000, 'Log entries that one export may hold', { min: 1 }),
  exports: integer('EXPORT_MAX', 8, 'Exports that may run, in one process', { min: 1, max: 1000 }),
  remoteReads: integer('REMOTE_READ_MAX', 4, 'Remote reads of Prometheus that may run, in one process', {
    min: 1,
    max: 100,
  }),
  remoteReadSamples: integer(
    'REMOTE_READ_MAX_SAMPLES',
    2_000_000,
    'Rows that one remote read may look at; each of its samples takes 16 bytes, and a native histogram counts by its size',
    { min: 1, max: 50_000_000 },
  ),
  remoteReadSeries: integer(
    'REMOTE_READ_MAX_SERIES',
    20_000,
    'Series that one remote read may find, and names of metrics that its pattern is compared with',
    { min: 1, max: 1_000_000 },
  ),
  queries: integer(
    'QUERY_QUEUE_LIMIT',
    500,
    'Queries that may run or wait, for products and for the rest each; and products that may wait',
    { min: 1 },
  ),
  queryWaitMs: integer(
    'QUERY_WAIT_MS',
    10_000,
    'Milliseconds that a query may wait for its turn at the database',
    { min: 1 },
  ),
  warmProducts: integer('CACHE_WARM_PRODUCTS', 1000, 'Products that are loaded into the cache at start', {
    max: 10_000,
  }),
}

const anyIngestUrl = httpUrl(
  'INGEST_PUBLIC_URL',
  '',
  'Address of ingest-api as clients reach it, for commands that the console shows; empty: the host that the console was opened on, with the port of INGEST_API_URL',
)

const ingestPublicUrl: Setting<string> = {
  ...anyIngestUrl,
  parse: (text) => (text === '' ? '' : anyIngestUrl.parse(text)),
}

/** Everything that can be set, with defaults and units. */
export const settings = forApp('query-api', {
  ...serviceSettings('query-api'),
  workers: workersSetting,
  broker: brokerSettings,
  keys: keySettings,
  redis: redisSettings,
  database: databaseConnectionSettings,
  replicas: readReplicaSettings,
  lookups: {
    poolSize: databaseSettings.poolSize,
    statementTimeoutMs: integer(
      'LOOKUP_TIMEOUT_MS',
      5000,
      'Milliseconds that a query for products, one message or one mailing may take',
      { min: 10 },
    ),
  },
  scans: {
    poolSize: integer(
      'SCAN_POOL_SIZE',
      3,
      'Connections for logs, metrics and lists of messages, apart from those for products',
      { min: 1, max: 1000 },
    ),
    statementTimeoutMs: integer(
      'SCAN_TIMEOUT_MS',
      15_000,
      'Milliseconds that a query over logs, metrics or lists of messages may take',
      { min: 10 },
    ),
  },
  limits,
  people: peopleSettings,
  services: serviceUrlSettings,
  ingestPublicUrl,
  forwardTimeoutMs: integer(
    'FORWARD_TIMEOUT_MS',
    60_000,
    'Milliseconds that another app may be silent under a forwarded request',
    { min: 100 },
  ),
  cache: {
    maxBytes: integer('CACHE_MAX_BYTES', 64 * 1024 ** 2, 'Bytes of the cache in this process', { min: 1024 }),
  },
})

export type QueryConfig = SettingsOf<typeof settings>

/** @throws ConfigError that names every problem */
export function loadConfig(env: Environment): QueryConfig {
  return readSettings(settings, env)
}
