import { csvCell } from '@runnel/contracts'
import type { StoredLog } from '@runnel/repositories-events'
import { encodeLog } from '../routes/encode-log.ts'
import { toTime } from '../routes/encode-event.ts'

/** How entries become a file. */
export interface LogFormat {
  readonly contentType: string
  readonly head: string
  line(log: StoredLog): string
  /** The last line of a file that could not take everything. @param cursor leads on */
  truncated(items: number, cursor: string): string
}

const CSV_COLUMNS = ['id', 'occurredAt', 'receivedAt', 'level', 'service', 'message', 'data', 'timeUnread']

export const LOG_FORMATS = {
  ndjson: {
    contentType: 'application/x-ndjson; charset=utf-8',
    head: '',
    line: (log) => `${encodeLog(log)}\n`,
    truncated: (items, nextCursor) => `${JSON.stringify({ truncated: true, items, nextCursor })}\n`,
  },
  csv: {
    contentType: 'text/csv; charset=utf-8; header=present',
    head: `${CSV_COLUMNS.join(',')}\r\n`,
    line: (log) => {
      const times = [toTime(log.occurredAtMs), toTime(log.receivedAtMs)]
      const unread = log.timeUnread === true ? 'true' : null
      const cells = [log.id, ...times, log.level, log.service, log.message, log.dataText, unread]
      return `${cells.map(csvCell).join(',')}\r\n`
    },
    truncated: (items, cursor) =>
      `truncated: there are more than ${items} entries; cursor=${cursor} leads on\r\n`,
  },
} satisfies Record<string, LogFormat>
