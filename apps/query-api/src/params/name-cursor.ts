import { decodeCursor, encodeCursor, invalidCursor } from '@runnel/http'

/** A page of metric names begins behind the name. */
export function encodeNameCursor(name: string): string {
  return encodeCursor('metricNames', name)
}

/** @throws AppError invalid_cursor */
export function parseNameCursor(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined
  const { text: name } = decodeCursor(cursor, 'metricNames')
  if (name.includes('\0')) throw invalidCursor()
  return name
}
