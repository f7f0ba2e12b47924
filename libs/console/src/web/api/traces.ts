import type {
  Operations,
  ServiceMap,
  StoredSpan,
  Trace,
  TraceList,
  TraceSummary,
} from '@runnel/contracts/api/trace'
import type { Params } from './build-url.ts'
import { getJson, type Answer } from './get-json.ts'

export type { Operations, ServiceMap, StoredSpan, Trace, TraceList, TraceSummary }

export function getTraces(params: Params, signal: AbortSignal): Promise<Answer<TraceList>> {
  return getJson('/api/v1/traces', params, signal)
}

/** Without what was sent, so that ten thousand spans fit. */
export function getTrace(id: string, signal: AbortSignal): Promise<Answer<Trace>> {
  return getJson(`/api/v1/traces/${encodeURIComponent(id)}`, { data: false }, signal)
}

/** One span, as it was sent. */
export function getSpan(traceId: string, spanId: string, signal: AbortSignal): Promise<Answer<StoredSpan>> {
  return getJson(
    `/api/v1/traces/${encodeURIComponent(traceId)}/spans/${encodeURIComponent(spanId)}`,
    {},
    signal,
  )
}

export function getServiceMap(params: Params, signal: AbortSignal): Promise<Answer<ServiceMap>> {
  return getJson('/api/v1/traces/services', params, signal)
}

export function getOperations(params: Params, signal: AbortSignal): Promise<Answer<Operations>> {
  return getJson('/api/v1/traces/operations', params, signal)
}
