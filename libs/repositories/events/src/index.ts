export type { DeadLetterFilter } from './dead-letters/dead-letter-filter.ts'
export {
  countDeadLetters,
  deleteDeadLetter,
  deleteDeadLetters,
  type SeenDeadLetters,
} from './dead-letters/delete-dead-letters.ts'
export { type DeadLetterGroups, groupDeadLetters } from './dead-letters/group-dead-letters.ts'
export { purgeDeadLetters } from './dead-letters/purge-dead-letters.ts'
export {
  type DeadLetterPage,
  type DeadLetterPageOptions,
  findDeadLetter,
  listDeadLetters,
  markReplayed,
  type StoredDeadLetter,
} from './dead-letters/read-dead-letters.ts'
export {
  countRecentDeadLetters,
  type DeadLetterCounts,
  readDeadLetterCounts,
} from './dead-letters/read-dead-letter-counts.ts'
export { purgeKeys } from './purge-keys.ts'
export { foldLogCounts, type FoldedCounts } from './log-counters/fold-log-counts.ts'
export { readLogCounts } from './log-counters/read-log-counts.ts'
export { readLogValueCounts } from './log-counters/read-log-value-counts.ts'
export { sweepLogCounts, type SweptCounts } from './log-counters/sweep-log-counts.ts'
export type { EventPage, EventPosition, PageOptions, TimeRange } from './reads/event-filter.ts'
export { findSliceEnd } from './reads/find-slice-end.ts'
export { createLogMatcher, isScanned, type LogConditions } from './reads/log-filter.ts'
export { SearchableLog } from './reads/searchable-log.ts'
export {
  findLog,
  findNewestLogBefore,
  listLogFields,
  listLogs,
  type LogFields,
  type LogFilter,
  type StoredLog,
} from './reads/log-reads.ts'
export { readLogLines, type LogLines } from './reads/read-log-lines.ts'
export { listReceivedLogs, type ReceivedLogs } from './reads/list-received-logs.ts'
export { countLogs, type LogCount } from './reads/count-logs.ts'
export { countLogValues } from './reads/count-log-values.ts'
export type { LogValueCounts } from './reads/rank-log-values.ts'
export { countStoredEvents } from './reads/count-stored-events.ts'
export { listTraces, type TraceList } from './reads/list-traces.ts'
export {
  type Latency,
  type MinuteRange,
  type OperationLatency,
  readOperations,
  readServiceMap,
  type ServiceMap,
} from './reads/read-service-map.ts'
export {
  findSpan,
  readTrace,
  type StoredSpan,
  type StoredTrace,
  type TraceLimits,
} from './reads/read-trace.ts'
export type { SpanPosition, TraceFilter } from './reads/trace-filter.ts'
export { listMetricNames, type MetricName } from './reads/list-metric-names.ts'
export {
  findMetricNames,
  listMetricSeries,
  type MetricSeriesLimits,
  type SeriesFilter,
  type StoredSeries,
  type StoredSeriesList,
} from './reads/list-metric-series.ts'
export { readSeriesSamples, type SamplePage, type SamplePageOptions } from './reads/read-series-samples.ts'
export { findMetric, listMetrics, type MetricFilter, type StoredMetric } from './reads/metric-reads.ts'
export { readMetricInterval } from './reads/read-metric-interval.ts'
export {
  AGGREGATE_NAMES,
  readMetricSeries,
  type SeriesOptions,
  type SeriesPoint,
} from './reads/read-metric-series.ts'
export {
  type ListedProduct,
  listProducts,
  type ProductListOptions,
  type ProductPosition,
  type ProductSort,
} from './reads/list-products.ts'
export { findProducts, listRecentProducts, type StoredProduct } from './reads/product-reads.ts'
export { findDeadLetteredItems } from './verification/find-dead-lettered-items.ts'
export { findStoredItems, type ItemFilter } from './verification/find-stored-items.ts'
export { type DeadLetter, storeDeadLetters } from './writes/store-dead-letters.ts'
export type { EventRow, LogRow, MetricRow, ProductRow, SpanRow, StoreResult } from './writes/event-rows.ts'
export {
  beginLife,
  extendThrough,
  type PositionMark,
  raiseFloor,
  type StreamLife,
} from './writes/position-marks.ts'
export type { ReplayedLetter } from './writes/replayed-letters.ts'
export { storeLogs } from './writes/store-logs.ts'
export { storeMetrics } from './writes/store-metrics.ts'
export { joinEdges, type JoinedEdges } from './writes/join-edges.ts'
export { storeSpans } from './writes/store-spans.ts'
export { type ProductStoreResult, storeProducts } from './writes/store-products.ts'
