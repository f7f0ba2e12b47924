import { Type, type TSchema } from 'typebox'
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

/** A page as it is answered. */
export const pageSchema = <T extends TSchema>(item: T) =>
  Type.Object({ items: Type.Array(item), nextCursor: Type.Union([Type.String(), Type.Null()]) })

/**
 * @param found one more than `limit` where there are further ones
 * @param cursorOf the cursor that leads to what follows an item
 */
export function toPage<T, U>(
  found: readonly T[],
  limit: number,
  present: (item: T) => U,
  cursorOf: (last: T) => string,
): { items: U[]; nextCursor: string | null } {
  const items = found.slice(0, limit)
  return { items: items.map(present), nextCursor: found.length > limit ? cursorOf(items.at(-1)!) : null }
}

/** The same for a list that is sorted by ids. */
export function toIdPage<T extends { readonly id: number }, U>(
  list: IdList,
  found: readonly T[],
  limit: number,
  present: (item: T) => U,
): { items: U[]; nextCursor: string | null } {
  return toPage(found, limit, present, ({ id }) => encodeIdCursor(list, id))
}
