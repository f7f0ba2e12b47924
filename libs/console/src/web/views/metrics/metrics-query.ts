import {
  CHART_AGGREGATES,
  MAX_CHART_METRICS,
  type ChartAggregate,
} from '@runnel/contracts/dashboards/chart-choices'
import { familyParams } from '../../data/family-params.ts'
import { boundsOf, rangeParams, type TimeRange } from '../../data/time-range.ts'

/** Those that are several in one chart. */
const SEVERAL: Readonly<Record<string, readonly string[]>> = { percentiles: ['p50', 'p95', 'p99'] }

export const STEPS = ['10s', '1m', '5m', '15m', '1h', '6h', '1d'] as const

const DAY_MS = 86_400_000

/** Times that values can be compared with, by how an address names them. */
export const EARLIER = [
  { value: '1d', label: 'a day before', ms: DAY_MS },
  { value: '7d', label: 'a week before', ms: 7 * DAY_MS },
] as const

/** How charts are put together: `each` metric in its own, all `together`, or `small`: one for each series. */
const LAYOUTS = ['each', 'together', 'small'] as const
export type Layout = (typeof LAYOUTS)[number]

/** The chosen metrics of an address. */
export function readNames(params: URLSearchParams): string[] {
  return [...new Set(params.getAll('name'))].filter((name) => name !== '').slice(0, MAX_CHART_METRICS)
}

/** The aggregation of an address. */
export function readAggregate(params: URLSearchParams): ChartAggregate {
  return CHART_AGGREGATES.find((one) => one === params.get('agg')) ?? 'avg'
}

/** The layout of an address. */
export function readLayout(params: URLSearchParams): Layout {
  return LAYOUTS.find((one) => one === params.get('layout')) ?? 'each'
}

/** The earlier time that an address compares with. */
export function readEarlier(params: URLSearchParams): (typeof EARLIER)[number] | undefined {
  return EARLIER.find(({ value }) => value === params.get('compare'))
}

/** The names after a click on one: chosen where it was not, and the other way round. */
export function toggleName(names: readonly string[], name: string): string[] {
  if (names.includes(name)) return names.filter((one) => one !== name)
  return [...names, name].slice(-MAX_CHART_METRICS)
}

/** A request for series, and what of it labels have to say. */
export interface SeriesRequest {
  readonly name: string
  readonly params: Readonly<Record<string, string | null | undefined>>
  /** Set where one aggregation stands for several. */
  readonly agg: string | undefined
  readonly earlier: (typeof EARLIER)[number] | undefined
}

/** The requests for one metric's chart. */
export function seriesRequests(
  params: URLSearchParams,
  name: string,
  range: TimeRange,
  nowMs: number,
): SeriesRequest[] {
  const chosen = readAggregate(params)
  const aggregates = SEVERAL[chosen] ?? [chosen]
  const earlier = readEarlier(params)
  return aggregates.flatMap((agg) =>
    (earlier ? [undefined, earlier] : [undefined]).map((before) => ({
      name,
      agg: aggregates.length > 1 ? agg : undefined,
      earlier: before,
      params: {
        name,
        agg,
        by: params.get('by'),
        step: params.get('step'),
        ...familyParams(params, 'tag'),
        ...(before ? rangeBefore(range, before.ms, nowMs) : rangeParams(range, nowMs)),
      },
    })),
  )
}

function rangeBefore(range: TimeRange, ms: number, nowMs: number): { from: string; to: string } {
  const { fromMs, toMs } = boundsOf(range, nowMs)
  return { from: new Date(fromMs - ms).toISOString(), to: new Date(toMs - ms).toISOString() }
}
