import { csvCell } from '@runnel/contracts'
import type { StoredLog } from '@runnel/repositories-events'
import { encodeLog } from '../routes/encode-log.ts'
import { toTime } from '../routes/encode-event.ts'

/** How entries become a file. */
export interface LogFormat<T> {
  readonly head: string
  line(log: T): string
  /** The last line of a file that could not take everything. @param cursor leads on */
  truncated(items: number, cursor: string): string
}

export const CONTENT_TYPES = {
  ndjson: 'application/x-ndjson; charset=utf-8',
  csv: 'text/csv; charset=utf-8; header=present',
}

export type FormatName = keyof typeof CONTENT_TYPES

const CSV_COLUMNS = ['id', 'occurredAt', 'receivedAt', 'level', 'service', 'message', 'data', 'timeUnread']

/** How a file ends that could not take everything. */
export const TRUNCATED: Readonly<Record<FormatName, LogFormat<never>['truncated']>> = {
  ndjson: (items, nextCursor) => `${JSON.stringify({ truncated: true, items, nextCursor })}\n`,
  csv: (items, cursor) => `truncated: there are more than ${items} entries; cursor=${cursor} leads on\r\n`,
}

/** A line of CSV. */
export function csvLine(cells: readonly (string | null)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`
}

/** Entries as a whole. */
export const LOG_FORMATS: Readonly<Record<FormatName, LogFormat<StoredLog>>> = {
  ndjson: { head: '', line: (log) => `${encodeLog(log)}\n`, truncated: TRUNCATED.ndjson },
  csv: {
    head: csvLine(CSV_COLUMNS),
    line: (log) => {
      const times = [toTime(log.occurredAtMs), toTime(log.receivedAtMs)]
      const unread = log.timeUnread === true ? 'true' : null
      return csvLine([log.id, ...times, log.level, log.service, log.message, log.dataText, unread])
    },
    truncated: TRUNCATED.csv,
  },
}
