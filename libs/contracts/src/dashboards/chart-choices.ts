/** How the values of a metric are put together in a chart; `percentiles` stands for p50, p95 and p99 together. */
export const CHART_AGGREGATES = [
  'avg',
  'min',
  'max',
  'sum',
  'count',
  'rate',
  'p50',
  'p95',
  'p99',
  'percentiles',
] as const

export type ChartAggregate = (typeof CHART_AGGREGATES)[number]

/** Earlier times that a chart compares with: a day, and a week before. */
export const CHART_COMPARISONS = ['1d', '7d'] as const

export type ChartComparison = (typeof CHART_COMPARISONS)[number]

/** Metrics that one chart shows. */
export const MAX_CHART_METRICS = 8

/** Charts that one dashboard holds. */
export const MAX_DASHBOARD_CHARTS = 40
