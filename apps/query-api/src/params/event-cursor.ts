import { isEventId } from '@runnel/contracts'
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

/** The years 1 to 9999. */
const FIRST_MS = -62_135_596_800_000
const LAST_MS = 253_402_300_799_999

/** @throws AppError invalid_cursor */
export function parseEventCursor(cursor: string | undefined): EventCursor {
  if (cursor === undefined) return {}
  const { list, text } = decodeCursor(cursor, 'olderEvents', 'newerEvents')
  const [time = '', id, ...rest] = text.split('/')
  const occurredAtMs = Number(time)
  const inRange = occurredAtMs >= FIRST_MS && occurredAtMs <= LAST_MS
  if (!/^-?\d{1,15}$/.test(time) || !inRange || !isEventId(id) || rest.length > 0) throw invalidCursor()
  return list === 'newerEvents' ? { before: { occurredAtMs, id } } : { after: { occurredAtMs, id } }
}
