import { familyParams } from '../../data/family-params.ts'
import { rangeParams, type TimeRange } from '../../data/time-range.ts'

export const AGGREGATES = ['avg', 'min', 'max', 'sum', 'count', 'p50', 'p95', 'p99'] as const

export const STEPS = ['10s', '1m', '5m', '15m', '1h', '6h', '1d'] as const

/** Charts that stand below each other at most. */
export const MAX_CHARTS = 8

/** The chosen metrics of an address. */
export function readNames(params: URLSearchParams): string[] {
  return [...new Set(params.getAll('name'))].filter((name) => name !== '').slice(0, MAX_CHARTS)
}

/** The aggregation of an address. */
export function readAggregate(params: URLSearchParams): string {
  const agg = params.get('agg') ?? ''
  return AGGREGATES.some((one) => one === agg) ? agg : 'avg'
}

/** The names after a click on one: chosen where it was not, and the other way round. */
export function toggleName(names: readonly string[], name: string): string[] {
  if (names.includes(name)) return names.filter((one) => one !== name)
  return [...names, name].slice(-MAX_CHARTS)
}

/** Parameters of the request for one metric's series. */
export function seriesParams(params: URLSearchParams, name: string, range: TimeRange, nowMs: number) {
  return {
    name,
    agg: readAggregate(params),
    by: params.get('by'),
    step: params.get('step'),
    ...familyParams(params, 'tag'),
    ...rangeParams(range, nowMs),
  }
}
