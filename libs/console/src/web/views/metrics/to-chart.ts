import type { MetricSeries } from '../../api/metrics.ts'
import type { ChartSeries } from '../../parts/chart-series.ts'
import { joinValues } from './join-values.ts'

export interface ChartData {
  readonly timesMs: readonly number[]
  readonly series: readonly ChartSeries[]
  /** No value anywhere. */
  readonly isEmpty: boolean
}

/** An answer, and what of it the chart has to know besides. */
export interface ChartPart {
  readonly answer: MetricSeries
  readonly unit: string | null
  /** Stands in front of labels that do not say enough by themselves, such as the metric beside others. */
  readonly prefix?: string
  /** How much earlier it is than the rest; it is drawn later by as much. */
  readonly earlierMs?: number
  /** What that is called, e.g. `a day before`. */
  readonly earlierLabel?: string
}

/** Answers as a chart takes them: one list of times, one list of values for each series. */
export function toChart(parts: readonly ChartPart[]): ChartData {
  const lines = parts.flatMap(toLines)
  const times = new Set(lines.flatMap(({ points }) => [...points.keys()]))
  const timesMs = [...times].sort((a, b) => a - b)
  const series = lines.map(({ points, ...line }) => ({
    ...line,
    // Answers with other steps have no value at these times, which is no gap.
    values: timesMs.map((atMs) => points.get(atMs)),
  }))
  const isEmpty = series.every(({ values }) => values.every((value) => typeof value !== 'number'))
  return { timesMs, series, isEmpty }
}

function toLines({ answer, unit, prefix, earlierMs = 0, earlierLabel }: ChartPart) {
  const { name, agg, series, stepMs, intervalMs } = answer
  return series.map(({ tag, points }) => {
    const key = tag ? `${tag.name}=${tag.value ?? '(none)'}` : undefined
    const values = joinValues(
      points.map(({ value }) => value),
      stepMs,
      intervalMs,
    )
    const label = [prefix, key ?? (prefix ? undefined : `${agg}(${name})`), earlierLabel]
    return {
      label: label.filter(Boolean).join(' · '),
      colorKey: key ?? prefix ?? name,
      unit: unitOf(agg, unit),
      ...(earlierLabel !== undefined && { isEarlier: true }),
      points: new Map(points.map(({ at }, i) => [Date.parse(at) + earlierMs, values[i]])),
    }
  })
}

/** Not every aggregate is in the unit of its values. */
function unitOf(agg: string, unit: string | null): string | null {
  if (agg === 'count') return null
  return agg === 'rate' ? `${unit ?? ''}/s` : unit
}
