import { getJson, type Answer } from './get-json.ts'
import type { Params } from './build-url.ts'

export interface MetricName {
  readonly name: string
  /** The newest one. */
  readonly value: number | null
  readonly unit: string | null
  readonly occurredAt: string
}

export interface MetricNames {
  readonly items: readonly MetricName[]
  readonly nextCursor: string | null
}

export interface MetricPoint {
  readonly at: string
  /** null where nothing was measured. */
  readonly value: number | null
}

export interface MetricSeries {
  readonly name: string
  readonly agg: string
  readonly from: string
  readonly to: string
  readonly stepMs: number
  /** The tag has more values than series are given. */
  readonly truncated: boolean
  readonly series: readonly {
    readonly tag?: { readonly name: string; readonly value: string | null } | null
    readonly points: readonly MetricPoint[]
  }[]
}

/** Names that one look takes. */
const MAX_NAMES = 1000

export function getMetricNames(signal: AbortSignal): Promise<Answer<MetricNames>> {
  return getJson('/api/v1/metrics/names', { limit: MAX_NAMES }, signal)
}

export function getMetricSeries(params: Params, signal: AbortSignal): Promise<Answer<MetricSeries>> {
  return getJson('/api/v1/metrics/series', params, signal)
}

/** Metrics that are looked at for the names of their tags. */
const SAMPLE = 50

/** Names of the tags that newest values of a metric carry, sorted. */
export async function getTagNames(name: string, signal: AbortSignal): Promise<Answer<string[]>> {
  const params = { name, limit: SAMPLE, from: new Date(0).toISOString() }
  const { data, stale } = await getJson<{ items: { tags: unknown }[] }>('/api/v1/metrics', params, signal)
  const names = data.items.flatMap(({ tags }) =>
    typeof tags === 'object' && tags !== null ? Object.keys(tags) : [],
  )
  return { data: [...new Set(names)].sort(), stale }
}
