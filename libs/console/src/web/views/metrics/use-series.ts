import { getMetricSeries, type MetricSeries } from '../../api/metrics.ts'
import type { TimeRange } from '../../data/time-range.ts'
import { useResource, type Resource } from '../../data/use-resource.ts'
import { seriesRequests, type SeriesRequest } from './metrics-query.ts'

export interface LoadedSeries {
  readonly request: SeriesRequest
  readonly answer: MetricSeries
}

/** What an address asks for of some metrics. */
export interface SeriesChoice {
  readonly names: readonly string[]
  readonly params: URLSearchParams
  readonly range: TimeRange
}

/** The series of one chart: all of them, or none. */
export function useSeries(
  { names, params, range }: SeriesChoice,
  refreshMs: number | undefined,
): Resource<readonly LoadedSeries[]> {
  const requestsAt = (nowMs: number) => names.flatMap((name) => seriesRequests(params, name, range, nowMs))
  // At a fixed moment: the key is what was asked for, not when.
  const key = JSON.stringify(requestsAt(0).map((request) => request.params))
  const load = async (signal: AbortSignal) => {
    const loaded = await Promise.all(
      requestsAt(Date.now()).map(async (request) => {
        const { data: answer, stale } = await getMetricSeries(request.params, signal)
        return { request, answer, stale }
      }),
    )
    return { data: loaded, stale: loaded.some(({ stale }) => stale) }
  }
  return useResource(key, load, { refreshMs })
}
