export type { EventPage, EventPosition, PageOptions, TimeRange } from './event-filter.ts'
export { findLog, listLogs, type LogFilter, type StoredLog } from './log-reads.ts'
export { countLogs, type LogCount } from './log-stats.ts'
export { listMetricNames, type MetricName } from './metric-names.ts'
export { findMetric, listMetrics, type MetricFilter, type StoredMetric } from './metric-reads.ts'
export {
  AGGREGATE_NAMES,
  readMetricSeries,
  type Aggregate,
  type SeriesOptions,
  type SeriesPoint,
} from './metric-series.ts'
export {
  findProduct,
  listProducts,
  listRecentProducts,
  type ProductListOptions,
  type ProductSummary,
  type Snapshot,
  type StoredProduct,
} from './product-reads.ts'
