import { FIRST_TIME_MS, isEventId, LAST_TIME_MS } from '@runnel/contracts'
import { decodeCursor, encodeCursor, invalidCursor } from '@runnel/http'
import type { EventPosition } from '@runnel/repositories-events'

/** Where a page of events begins: behind an older one or before a newer one; at most one of them. */
export interface EventCursor {
  readonly after?: EventPosition | undefined
  readonly before?: EventPosition | undefined
}

export function encodeEventCursor({ after, before }: EventCursor): string {
  const { occurredAtMs, id } = (after ?? before)!
  return encodeCursor(after ? 'olderEvents' : 'newerEvents', `${occurredAtMs}/${id}`)
}

/** @throws AppError invalid_cursor */
export function parseEventCursor(cursor: string | undefined): EventCursor {
  if (cursor === undefined) return {}
  const { list, text } = decodeCursor(cursor, 'olderEvents', 'newerEvents')
  const [time = '', id, ...rest] = text.split('/')
  const occurredAtMs = Number(time)
  const inRange = occurredAtMs >= FIRST_TIME_MS && occurredAtMs <= LAST_TIME_MS
  if (!/^-?\d{1,15}$/.test(time) || !inRange || !isEventId(id) || rest.length > 0) throw invalidCursor()
  return list === 'newerEvents' ? { before: { occurredAtMs, id } } : { after: { occurredAtMs, id } }
}
