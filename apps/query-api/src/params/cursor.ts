import { AppError, isEventId } from '@runnel/contracts'
import type { EventPosition } from '@runnel/repositories'

/** Cursors are opaque to clients: what a list is sorted by, as base64url. The letter tells the lists apart. */
function encode(kind: string, text: string): string {
  return Buffer.from(`${kind}${text}`).toString('base64url')
}

/** Only what `encode` has written: base64 decoders take many spellings of one text. */
function decode(kind: string, cursor: string): string {
  const text = Buffer.from(cursor, 'base64url').toString('utf8')
  if (!text.startsWith(kind) || encode('', text) !== cursor) throw invalid()
  return text.slice(kind.length)
}

function invalid(): AppError {
  return new AppError('invalid_cursor', 'The cursor is none of this list', {
    field: 'cursor',
    expected: 'nextCursor of a page of this list',
  })
}

export function encodeIdCursor(id: number): string {
  return encode('i', String(id))
}

/** @throws AppError invalid_cursor */
export function parseIdCursor(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined
  const text = decode('i', cursor)
  if (!/^\d{1,16}$/.test(text) || !Number.isSafeInteger(Number(text))) throw invalid()
  return Number(text)
}

export function encodeEventCursor({ occurredAtMs, id }: EventPosition): string {
  return encode('e', `${occurredAtMs}/${id}`)
}

/** The years 1 to 9999. */
const FIRST_MS = -62_135_596_800_000
const LAST_MS = 253_402_300_799_999

/** @throws AppError invalid_cursor */
export function parseEventCursor(cursor: string | undefined): EventPosition | undefined {
  if (cursor === undefined) return undefined
  const [time = '', id, ...rest] = decode('e', cursor).split('/')
  const occurredAtMs = Number(time)
  const inRange = occurredAtMs >= FIRST_MS && occurredAtMs <= LAST_MS
  if (!/^-?\d{1,15}$/.test(time) || !inRange || !isEventId(id) || rest.length > 0) throw invalid()
  return { occurredAtMs, id }
}

export function encodeNameCursor(name: string): string {
  return encode('n', name)
}

/** @throws AppError invalid_cursor */
export function parseNameCursor(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined
  const name = decode('n', cursor)
  if (name.includes('\0')) throw invalid()
  return name
}
