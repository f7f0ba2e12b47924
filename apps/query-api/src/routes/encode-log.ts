import type { LogEntry } from '@runnel/contracts/api/log'
import type { StoredLog } from '@runnel/repositories-events'
import { encodeEvent } from './encode-event.ts'

/** A log entry as JSON, the same in lists, streams and files. */
export function encodeLog(log: StoredLog): string {
  const { level, service, message, timeUnread, traceId } = log
  return encodeEvent<LogEntry, 'data'>(
    log,
    {
      ...{ level, service, message },
      ...(timeUnread === true && { timeUnread }),
      ...(traceId !== undefined && { traceId }),
    },
    { data: log.dataText },
  )
}
