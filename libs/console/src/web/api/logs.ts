import type { EventPage } from '@runnel/contracts/api/event-page'
import type { LogCounts, LogEntry, LogStats } from '@runnel/contracts/api/log'
import { buildUrl, type Params } from './build-url.ts'
import { getJson, type Answer } from './get-json.ts'

export type { LogCounts, LogEntry, LogStats }

export type LogPage = EventPage<LogEntry>

export function getLogs(params: Params, signal: AbortSignal): Promise<Answer<LogPage>> {
  return getJson('/api/v1/logs', params, signal)
}

export function getLogStats(params: Params, signal: AbortSignal): Promise<Answer<LogStats>> {
  return getJson('/api/v1/logs/stats', params, signal)
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

/** A file of all entries that match. */
export function exportUrl(format: 'ndjson' | 'csv', params: Params): string {
  return buildUrl('/api/v1/logs/export', { format, ...params })
}
