import { AppError, isEventId } from '@runnel/contracts'
import type { EventPosition } from '@runnel/repositories'

/** Cursors are opaque to clients: what a list is sorted by, as base64url. The letter tells the lists apart. */
export function encodeCursor(kind: string, text: string): string {
  return Buffer.from(`${kind}${text}`).toString('base64url')
}

/**
 * Only what `encodeCursor` has written: base64 decoders take many spellings of one text.
 *
 * @throws AppError invalid_cursor
 */
export function decodeCursor(kind: string, cursor: string): string {
  const text = Buffer.from(cursor, 'base64url').toString('utf8')
  if (!text.startsWith(kind) || encodeCursor('', text) !== cursor) throw invalidCursor()
  return text.slice(kind.length)
}

export function invalidCursor(): AppError {
  return new AppError('invalid_cursor', 'The cursor is none of this list', {
    field: 'cursor',
    expected: 'nextCursor or prevCursor of a page of this list',
  })
}

/** Lists that are sorted by an id. */
const ID_LISTS = { products: 'i', messages: 'm', mailings: 'o' } as const

export type IdList = keyof typeof ID_LISTS

export function encodeIdCursor(id: number, list: IdList = 'products'): string {
  return encodeCursor(ID_LISTS[list], String(id))
}

/** @throws AppError invalid_cursor */
export function parseIdCursor(cursor: string | undefined, list: IdList = 'products'): number | undefined {
  if (cursor === undefined) return undefined
  const text = decodeCursor(ID_LISTS[list], cursor)
  if (!/^\d{1,16}$/.test(text) || !Number.isSafeInteger(Number(text))) throw invalidCursor()
  return Number(text)
}

/** Where a page of events begins: behind an older one or before a newer one; at most one of them. */
export interface EventCursor {
  readonly after?: EventPosition | undefined
  readonly before?: EventPosition | undefined
}

export function encodeEventCursor({ after, before }: EventCursor): string {
  const { occurredAtMs, id } = (after ?? before)!
  return encodeCursor(after ? 'e' : 'f', `${occurredAtMs}/${id}`)
}

/** The years 1 to 9999. */
const FIRST_MS = -62_135_596_800_000
const LAST_MS = 253_402_300_799_999

/** @throws AppError invalid_cursor */
export function parseEventCursor(cursor: string | undefined): EventCursor {
  if (cursor === undefined) return {}
  const isNewer = Buffer.from(cursor, 'base64url')[0] === 'f'.charCodeAt(0)
  const [time = '', id, ...rest] = decodeCursor(isNewer ? 'f' : 'e', cursor).split('/')
  const occurredAtMs = Number(time)
  const inRange = occurredAtMs >= FIRST_MS && occurredAtMs <= LAST_MS
  if (!/^-?\d{1,15}$/.test(time) || !inRange || !isEventId(id) || rest.length > 0) throw invalidCursor()
  return isNewer ? { before: { occurredAtMs, id } } : { after: { occurredAtMs, id } }
}

export function encodeNameCursor(name: string): string {
  return encodeCursor('n', name)
}

/** @throws AppError invalid_cursor */
export function parseNameCursor(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined
  const name = decodeCursor('n', cursor)
  if (name.includes('\0')) throw invalidCursor()
  return name
}
