import type { MetricSeries } from '../../api/metrics.ts'
import type { ChartSeries } from '../../parts/chart-legend.tsx'

export interface ChartData {
  readonly timesMs: readonly number[]
  readonly series: readonly ChartSeries[]
  /** No value anywhere. */
  readonly isEmpty: boolean
}

/** A series answer as a chart takes it: one list of times, one list of values each. */
export function toChart({ name, agg, series }: MetricSeries): ChartData {
  const timesMs = (series[0]?.points ?? []).map(({ at }) => Date.parse(at))
  const lines = series.map(({ tag, points }) => ({
    label: tag ? `${tag.name}=${tag.value ?? '(none)'}` : `${agg}(${name})`,
    values: points.map(({ value }) => value),
  }))
  return {
    timesMs,
    series: lines,
    isEmpty: lines.every(({ values }) => values.every((value) => value === null)),
  }
}
