import type { Page } from '@runnel/contracts/api/page'
import { Type } from 'typebox'
import { encodeIdCursor, type IdList } from './id-cursor.ts'

/** The parameter `cursor` of a list. */
export const CursorParameter = Type.String({ maxLength: 1000, description: 'nextCursor of the page before' })

/** The parameter `limit` of a list. */
export const limitParameter = (fallback: number, max: number) =>
  Type.Integer({ minimum: 1, maximum: max, default: Math.min(fallback, max), description: 'Items of a page' })

/** Parameters of an address that names one thing by its id. */
export const IdParameters = Type.Object({
  id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
})

/** A page as it was read. It may have ended before its limit, because of its size. */
interface FoundPage<T> {
  readonly items: readonly T[]
  /** Whether further ones follow. */
  readonly more: boolean
}

/** @param cursorOf the cursor that leads to what follows an item */
export function toSizedPage<T, U>(
  { items, more }: FoundPage<T>,
  present: (item: T) => U,
  cursorOf: (last: T) => string,
): Page<U> {
  const last = items.at(-1)
  return { items: items.map(present), nextCursor: more && last !== undefined ? cursorOf(last) : null }
}

/** The same for a list that is sorted by ids. */
export function toSizedIdPage<T extends { readonly id: number }, U>(
  list: IdList,
  found: FoundPage<T>,
  present: (item: T) => U,
): Page<U> {
  return toSizedPage(found, present, ({ id }) => encodeIdCursor(list, id))
}
