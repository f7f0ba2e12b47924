import { buildUrl, type Params } from './build-url.ts'
import { getJson, type Answer } from './get-json.ts'

export interface LogEntry {
  readonly id: string
  readonly receivedAt: string
  readonly occurredAt: string
  readonly level: string | null
  readonly service: string | null
  readonly message: string | null
  /** The entry as it was sent. */
  readonly data: unknown
}

export interface LogPage {
  readonly items: readonly LogEntry[]
  /** Leads to older entries. */
  readonly nextCursor: string | null
  /** Leads to newer entries. */
  readonly prevCursor?: string | null
}

export interface LogCounts {
  readonly total: number
  readonly levels: readonly { readonly level: string | null; readonly count: number }[]
  /** Entries of levels that are not told apart. */
  readonly other: number
}

export interface LogStats extends LogCounts {
  readonly from: string
  readonly to: string
  readonly stepMs: number
  readonly buckets: readonly (LogCounts & { readonly at: string })[]
}

export function getLogs(params: Params, signal: AbortSignal): Promise<Answer<LogPage>> {
  return getJson('/api/v1/logs', params, signal)
}

export function getLogStats(params: Params, signal: AbortSignal): Promise<Answer<LogStats>> {
  return getJson('/api/v1/logs/stats', params, signal)
}

export function getLog(id: string, signal: AbortSignal): Promise<Answer<LogEntry>> {
  return getJson(`/api/v1/logs/${encodeURIComponent(id)}`, {}, signal)
}

/** A stream of entries as they come in. */
export function tailUrl(params: Params): string {
  return buildUrl('/api/v1/logs/tail', params)
}

/** A file of all entries that match. */
export function exportUrl(format: 'ndjson' | 'csv', params: Params): string {
  return buildUrl('/api/v1/logs/export', { format, ...params })
}
