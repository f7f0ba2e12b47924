export type { EventPage, EventPosition, PageOptions, TimeRange } from './event-filter.ts'
export { createLogMatcher, type LogConditions, type MatchedLog } from './log-filter.ts'
export { findLog, findNewestLogBefore, listLogs, type LogFilter, type StoredLog } from './log-reads.ts'
export { listReceivedLogs, type ReceivedLogs } from './log-received.ts'
export { countLogs, type LogCount } from './log-stats.ts'
export { listMailingOverview, type MailingSummary, type OverviewOptions } from './mailing-overview.ts'
export { readMailingStatistics, type MailingStatistics } from './mailing-statistics.ts'
export { findMessage, type StoredAttempt, type StoredMessageWithAttempts } from './message-reads.ts'
export {
  listMessages,
  type MessageFilter,
  type MessagePageOptions,
  type StoredMessage,
} from './message-list.ts'
export type { CountGroup, CountGroups, StatusCounts } from './status-counts.ts'
export type { Snapshot } from './snapshot.ts'
export { listMetricNames, type MetricName } from './metric-names.ts'
export { findMetric, listMetrics, type MetricFilter, type StoredMetric } from './metric-reads.ts'
export {
  AGGREGATE_NAMES,
  readMetricSeries,
  type Aggregate,
  type SeriesOptions,
  type SeriesPoint,
} from './metric-series.ts'
export { findProducts, listRecentProducts, type ProductSummary, type StoredProduct } from './product-reads.ts'
export {
  listProducts,
  PRODUCT_SORTS,
  type ListedProduct,
  type ProductFilter,
  type ProductListOptions,
  type ProductPosition,
  type ProductSort,
} from './product-list.ts'
