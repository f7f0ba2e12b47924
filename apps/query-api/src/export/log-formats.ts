import { csvCell } from '@runnel/contracts'
import type { EventPage, EventPosition, LogLines, StoredLog } from '@runnel/repositories-events'
import { toTime } from '../routes/encode-event.ts'

/** What stands around the lines of a file. */
export interface LogFormat {
  readonly head: string
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
export const TRUNCATED: Readonly<Record<FormatName, LogFormat['truncated']>> = {
  ndjson: (items, nextCursor) => `${JSON.stringify({ truncated: true, items, nextCursor })}\n`,
  csv: (items, cursor) => `truncated: there are more than ${items} entries; cursor=${cursor} leads on\r\n`,
}

/** A line of CSV. */
export function csvLine(cells: readonly (string | null)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`
}

/** Files of whole entries. */
export const LOG_FORMATS: Readonly<Record<FormatName, LogFormat>> = {
  ndjson: { head: '', truncated: TRUNCATED.ndjson },
  csv: { head: csvLine(CSV_COLUMNS), truncated: TRUNCATED.csv },
}

/** A whole entry as a line of CSV. */
export function logCsvLine(log: StoredLog): string {
  const times = [toTime(log.occurredAtMs), toTime(log.receivedAtMs)]
  const unread = log.timeUnread === true ? 'true' : null
  return csvLine([log.id, ...times, log.level, log.service, log.message, log.dataText, unread])
}

/** A page of entries as their lines. */
export function toLines<T extends EventPosition>(
  { items, more }: EventPage<T>,
  line: (item: T) => string,
): LogLines {
  return { text: items.map(line).join(''), count: items.length, last: items.at(-1), more }
}
