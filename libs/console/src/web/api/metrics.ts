import type { EventPage } from '@runnel/contracts/api/event-page'
import type { MetricEntry, MetricName, MetricSeries } from '@runnel/contracts/api/metric'
import type { Page } from '@runnel/contracts/api/page'
import { getJson, type Answer } from './get-json.ts'
import type { Params } from './build-url.ts'

export type { MetricName, MetricSeries }

/** Names that one request reads. */
const MAX_NAMES = 1000

export function getMetricNames(signal: AbortSignal): Promise<Answer<Page<MetricName>>> {
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
  const { data, stale } = await getJson<EventPage<MetricEntry>>('/api/v1/metrics', params, signal)
  const names = data.items.flatMap(({ tags }) =>
    typeof tags === 'object' && tags !== null ? Object.keys(tags) : [],
  )
  return { data: [...new Set(names)].sort(), stale }
}
