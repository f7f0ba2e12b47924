export { connectDatabaseOf, type DatabaseConfig } from './connect-database-of.ts'
export { classifyFailure, isStatementTimeout, type Failure } from './database-errors.ts'
export { databaseProblem } from './database-problem.ts'
export { connectDatabase, type Database, type DatabaseOptions } from './database.ts'
export {
  countDeadLetters,
  findDeadLetter,
  listDeadLetters,
  markReplayed,
  type DeadLetterFilter,
  type StoredDeadLetter,
} from './dead-letter-repository.ts'
export { migrateToLatest, requireMigrated, UnmigratedError } from './migrator.ts'
export { ensurePartitions, maintainPartitions, type PartitionWindow } from './partitions.ts'
export { connectPGlite, NoDataError, type PGliteOptions } from './pglite/connect-pglite.ts'
export { housekeepPGlite, type HousekeepingOptions } from './pglite/housekeep-pglite.ts'
export { FolderInUseError } from './pglite/lock-data-folder.ts'
export { purgeKeys } from './purge-keys.ts'
export type { Schema } from './schema.ts'
export { waitUntilMigrated } from './wait-until-migrated.ts'
export { storeDeadLetters, type DeadLetter } from './writes/dead-letters.ts'
export type { EventRow, LogRow, MetricRow, ProductRow, StoreResult } from './writes/event-rows.ts'
export { storeLogs } from './writes/store-logs.ts'
export { storeMetrics } from './writes/store-metrics.ts'
export { storeProducts, type ProductStoreResult } from './writes/store-products.ts'
export { findDeadLetteredItems, type DeadLetteredItem } from './verification/dead-lettered-items.ts'
export { findStoredItems, type ItemFilter, type StoredItem } from './verification/stored-items.ts'
export {
  type EventPage,
  type EventPosition,
  type PageOptions,
  type TimeRange,
  findLog,
  listLogs,
  type LogFilter,
  type StoredLog,
  countLogs,
  type LogCount,
  listMetricNames,
  type MetricName,
  findMetric,
  listMetrics,
  type MetricFilter,
  type StoredMetric,
  AGGREGATE_NAMES,
  readMetricSeries,
  type Aggregate,
  type SeriesOptions,
  type SeriesPoint,
  findProduct,
  listProducts,
  listRecentProducts,
  type ProductListOptions,
  type ProductSummary,
  type Snapshot,
  type StoredProduct,
} from './reads/index.ts'
