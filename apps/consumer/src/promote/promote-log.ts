import { judgeItem, parseTimestamp } from '@runnel/contracts'
import type { LogRow } from '@runnel/repositories-events'
import { originOf, type IncomingEvent } from '../incoming-event.ts'

/**
 * A log entry as a row. Members of the expected type are promoted to columns; the others are just kept.
 *
 * @throws AppError when it is no object, or a promoted text is too long for its index
 */
export function promoteLog({ id, key, op, data, form, receivedMs }: IncomingEvent): LogRow {
  const entry = judgeItem('logs', op, data, originOf(form))
  return {
    id,
    key,
    occurredAtMs: parseTimestamp(entry['timestamp']) ?? receivedMs,
    level: textOrNull(entry['level']),
    service: textOrNull(entry['service']),
    message: textOrNull(entry['message']),
    data,
  }
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
