import type { ProductPosition, ProductSort } from '@runnel/repositories'
import { decodeCursor, encodeCursor, encodeIdCursor, invalidCursor, parseIdCursor } from './cursor.ts'
import { toSort, type SortName } from './product-sort.ts'

/** What a key may look like that the database has written. */
const KEYS: Readonly<Record<ProductSort, RegExp>> = {
  id: /^\d{1,16}$/,
  name: /^[^\0]*$/,
  price: /^-?\d{1,400}(\.\d{1,400})?$/,
  updated: /^-?\d{1,18}$/,
}

/** The plain list has the cursor of any list of ids. */
export function encodeProductCursor({ id, key }: ProductPosition, name: SortName): string {
  return name === 'id' ? encodeIdCursor(id) : encodeCursor('p', `${name}/${id}/${key}`)
}

/** @throws AppError invalid_cursor for one of another list, or of this one sorted otherwise */
export function parseProductCursor(cursor: string | undefined, name: SortName): ProductPosition | undefined {
  if (cursor === undefined) return undefined
  if (name === 'id') {
    const id = parseIdCursor(cursor)!
    return { id, key: String(id) }
  }
  const [, sortedBy, number = '', key = ''] =
    /^([^/]*)\/(\d{1,16})\/([^]*)$/.exec(decodeCursor('p', cursor)) ?? []
  const id = Number(number)
  if (sortedBy !== name || !Number.isSafeInteger(id) || !KEYS[toSort(name).sort].test(key))
    throw invalidCursor()
  return { id, key }
}
