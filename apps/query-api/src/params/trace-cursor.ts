import { isEventId, parseTimestamp } from '@runnel/contracts'
import { decodeCursor, encodeCursor, invalidCursor } from '@runnel/http'
import type { SpanPosition } from '@runnel/repositories-events'

/** A page of traces begins behind a span. */
export function encodeTraceCursor({ startedAt, id }: SpanPosition): string {
  return encodeCursor('traces', `${startedAt}/${id}`)
}

const MICROSECONDS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/

/** @throws AppError invalid_cursor */
export function parseTraceCursor(cursor: string | undefined): SpanPosition | undefined {
  if (cursor === undefined) return undefined
  const [startedAt = '', id, ...rest] = decodeCursor(cursor, 'traces').text.split('/')
  const isTime = MICROSECONDS.test(startedAt) && parseTimestamp(startedAt) !== undefined
  if (!isTime || !isEventId(id) || rest.length > 0) throw invalidCursor()
  return { startedAt, id }
}
