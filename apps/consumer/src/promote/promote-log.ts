import { judgeItem, readLogColumns, readTraceId } from '@runnel/contracts'
import type { LogRow } from '@runnel/repositories-events'
import { originOf, type IncomingEvent } from '../incoming-event.ts'

/**
 * A log entry as a row. What its logger says is read into columns; the entry itself stays as it was sent.
 *
 * @throws AppError when it is no object, or a promoted text is too long for its index
 */
export function promoteLog({ id, key, op, data, form, receivedMs }: IncomingEvent): LogRow {
  const entry = judgeItem('logs', op, data, originOf(form))
  const { level, service, message, timeMs = receivedMs, timeUnread } = readLogColumns(entry)
  return {
    id,
    key,
    occurredAtMs: timeMs,
    level,
    service,
    message,
    timeUnread,
    traceId: readTraceId(entry),
    data,
  }
}
