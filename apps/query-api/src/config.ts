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

/** Everything that can be set, with defaults and units. */
export const settings = {
  ...serviceSettings(8000),
  ...brokerSettings,
  ...redisSettings,
  DATABASE_URL: databaseSettings.DATABASE_URL,
  DATABASE_POOL_SIZE: databaseSettings.DATABASE_POOL_SIZE,
  SCAN_POOL_SIZE: integer(2, 'Connections for logs and metrics, apart from those for products', {
    min: 1,
    max: 1000,
  }),
  LOOKUP_TIMEOUT_MS: integer(5000, 'Milliseconds that a query for products may take', { min: 10 }),
  SCAN_TIMEOUT_MS: integer(15_000, 'Milliseconds that a query over logs or metrics may take', { min: 10 }),
  QUERY_QUEUE_LIMIT: integer(500, 'Queries that may run or wait at a time, for products and for the rest', {
    min: 1,
  }),
  PAGE_MAX_ITEMS: integer(1000, 'Items that one page of an API list may hold', { min: 1, max: 10_000 }),
  PAGE_MAX_BYTES: integer(8 * 1024 ** 2, 'Bytes of JSON at which a page of logs or metrics ends early', {
    min: 1024,
  }),
  SERIES_MAX_POINTS: integer(2000, 'Time steps that one answer may span', { min: 1, max: 100_000 }),
  SERIES_MAX_COUNT: integer(50, 'Series that one answer may hold', { min: 1, max: 1000 }),
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
  >,
): QueryLimits {
  return {
    pageItems: config.PAGE_MAX_ITEMS,
    pageBytes: config.PAGE_MAX_BYTES,
    points: config.SERIES_MAX_POINTS,
    series: config.SERIES_MAX_COUNT,
    warmProducts: config.CACHE_WARM_PRODUCTS,
    queries: config.QUERY_QUEUE_LIMIT,
  }
}
