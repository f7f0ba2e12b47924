import type { EventPage } from '@runnel/contracts/api/event-page'
import type {
  LogCounts,
  LogEntry,
  LogFieldNames,
  LogPatterns,
  LogStats,
  LogValues,
} from '@runnel/contracts/api/log'
import { buildUrl, type Params } from './build-url.ts'
import { getJson, type Answer } from './get-json.ts'

export type { LogCounts, LogEntry, LogFieldNames, LogPatterns, LogStats, LogValues }

export type LogPage = EventPage<LogEntry>

export function getLogs(params: Params, signal: AbortSignal): Promise<Answer<LogPage>> {
  return getJson('/api/v1/logs', params, signal)
}

export function getLogStats(params: Params, signal: AbortSignal): Promise<Answer<LogStats>> {
  return getJson('/api/v1/logs/stats', params, signal)
}

/** How often a field has which values. */
export function getLogValues(field: string, params: Params, signal: AbortSignal): Promise<Answer<LogValues>> {
  return getJson('/api/v1/logs/values', { field, ...params }, signal)
}

/** Groups of similar messages. */
export function getLogPatterns(params: Params, signal: AbortSignal): Promise<Answer<LogPatterns>> {
  return getJson('/api/v1/logs/patterns', params, signal)
}

/** What may be asked for in a query. */
export function getLogFields(params: Params, signal: AbortSignal): Promise<Answer<LogFieldNames>> {
  return getJson('/api/v1/logs/fields', params, signal)
}

export function getLog(id: string, signal: AbortSignal): Promise<Answer<LogEntry>> {
  return getJson(`/api/v1/logs/${encodeURIComponent(id)}`, {}, signal)
}

/** An entry between its neighbours. */
export function getLogContext(id: string, params: Params, signal: AbortSignal): Promise<Answer<LogPage>> {
  return getJson(`/api/v1/logs/${encodeURIComponent(id)}/context`, params, signal)
}

/** A stream of entries as they come in. */
export function tailUrl(params: Params): string {
  return buildUrl('/api/v1/logs/tail', params)
}

/** A file of all entries that match. @param columns of the file; without any, entries as a whole */
export function exportUrl(format: 'ndjson' | 'csv', params: Params, columns: readonly string[]): string {
  return buildUrl('/api/v1/logs/export', { format, ...params, columns })
}
