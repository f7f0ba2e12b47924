import {
  brokerSettings,
  databaseSettings,
  integer,
  readSettings,
  redisSettings,
  serviceSettings,
  type SettingsOf,
} from '@runnel/runtime'
import type { QueryLimits } from './limits.ts'
import { serviceUrlSettings } from './services.ts'

/** Everything that can be set, with defaults and units. */
export const settings = {
  ...serviceSettings(8000),
  ...brokerSettings,
  ...redisSettings,
  DATABASE_URL: databaseSettings.DATABASE_URL,
  DATABASE_POOL_SIZE: databaseSettings.DATABASE_POOL_SIZE,
  SCAN_POOL_SIZE: integer(
    2,
    'Connections for logs, metrics and lists of messages, apart from those for products',
    {
      min: 1,
      max: 1000,
    },
  ),
  LOOKUP_TIMEOUT_MS: integer(
    5000,
    'Milliseconds that a query for products, one message or one mailing may take',
    { min: 10 },
  ),
  SCAN_TIMEOUT_MS: integer(
    15_000,
    'Milliseconds that a query over logs, metrics or lists of messages may take',
    { min: 10 },
  ),
  QUERY_QUEUE_LIMIT: integer(
    500,
    'Queries that may run or wait, for products and for the rest each; and products that may wait',
    {
      min: 1,
    },
  ),
  PAGE_MAX_ITEMS: integer(1000, 'Items that one page of an API list may hold', { min: 1, max: 10_000 }),
  PAGE_MAX_BYTES: integer(8 * 1024 ** 2, 'Bytes of JSON at which a page of logs or metrics ends early', {
    min: 1024,
  }),
  SERIES_MAX_POINTS: integer(2000, 'Time steps that one answer may span', { min: 1, max: 100_000 }),
  SERIES_MAX_COUNT: integer(50, 'Series that one answer may hold', { min: 1, max: 1000 }),
  TAIL_MAX_CLIENTS: integer(500, 'Clients that may follow the logs live, in one process', {
    min: 1,
    max: 100_000,
  }),
  TAIL_QUEUE_LINES: integer(
    100,
    'Log entries that may wait for one of them; older ones are dropped and counted',
    {
      min: 1,
      max: 10_000,
    },
  ),
  TAIL_QUEUE_BYTES: integer(1024 ** 2, 'Bytes that may wait for one of them', { min: 1024 }),
  CHANGES_MAX_CLIENTS: integer(1000, 'Pages that may follow the changes of products, in one process', {
    min: 1,
    max: 100_000,
  }),
  EXPORT_MAX_ITEMS: integer(1_000_000, 'Log entries that one export may hold', { min: 1 }),
  ...serviceUrlSettings,
  FORWARD_TIMEOUT_MS: integer(
    60_000,
    'Milliseconds that another app may be silent under a forwarded request',
    {
      min: 100,
    },
  ),
  CACHE_MAX_BYTES: integer(64 * 1024 ** 2, 'Bytes of the cache in this process', { min: 1024 }),
  CACHE_WARM_PRODUCTS: integer(1000, 'Products that are loaded into the cache at start', { max: 10_000 }),
}

export type QueryConfig = SettingsOf<typeof settings>

/** @throws ConfigError that names every problem */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): QueryConfig {
  return readSettings(settings, env)
}

/** What one answer may hold. */
export function limitsOf(
  config: Pick<
    QueryConfig,
    | 'PAGE_MAX_ITEMS'
    | 'PAGE_MAX_BYTES'
    | 'SERIES_MAX_POINTS'
    | 'SERIES_MAX_COUNT'
    | 'CACHE_WARM_PRODUCTS'
    | 'QUERY_QUEUE_LIMIT'
    | 'TAIL_MAX_CLIENTS'
    | 'TAIL_QUEUE_LINES'
    | 'TAIL_QUEUE_BYTES'
    | 'CHANGES_MAX_CLIENTS'
    | 'EXPORT_MAX_ITEMS'
  >,
): QueryLimits {
  return {
    pageItems: config.PAGE_MAX_ITEMS,
    pageBytes: config.PAGE_MAX_BYTES,
    points: config.SERIES_MAX_POINTS,
    series: config.SERIES_MAX_COUNT,
    warmProducts: config.CACHE_WARM_PRODUCTS,
    queries: config.QUERY_QUEUE_LIMIT,
    tailClients: config.TAIL_MAX_CLIENTS,
    tailLines: config.TAIL_QUEUE_LINES,
    tailBytes: config.TAIL_QUEUE_BYTES,
    changesClients: config.CHANGES_MAX_CLIENTS,
    exportItems: config.EXPORT_MAX_ITEMS,
  }
}
