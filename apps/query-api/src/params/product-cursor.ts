import {
  cursorOfAnotherList,
  decodeCursor,
  encodeCursor,
  encodeIdCursor,
  invalidCursor,
  parseIdCursor,
} from '@runnel/http'
import type { ProductPosition, ProductSort } from '@runnel/repositories-events'
import { toSort, type SortName } from './product-sort.ts'

/** What a key may look like that the database has written. */
const KEYS: Readonly<Record<ProductSort, RegExp>> = {
  id: /^\d{1,16}$/,
  name: /^[^\0]*$/,
  price: /^-?\d{1,500}(\.\d{1,600})?$/,
  updated: /^-?\d{1,18}$/,
}

/** The plain list has the cursor of any list of ids. */
export function encodeProductCursor({ id, key }: ProductPosition, name: SortName): string {
  return name === 'id'
    ? encodeIdCursor('products', id)
    : encodeCursor('sortedProducts', `${name}/${id}/${key}`)
}

/** @throws AppError invalid_cursor for one of another list, or of this one sorted otherwise */
export function parseProductCursor(cursor: string | undefined, name: SortName): ProductPosition | undefined {
  if (cursor === undefined) return undefined
  if (name === 'id') {
    const id = parseIdCursor('products', cursor)!
    return { id, key: String(id) }
  }
  const { text } = decodeCursor(cursor, 'sortedProducts')
  const [, sortedBy, number = '', key = ''] = /^([^/]*)\/(\d{1,16})\/([^]*)$/.exec(text) ?? []
  if (sortedBy !== undefined && sortedBy !== name) throw cursorOfAnotherList()
  const id = Number(number)
  if (sortedBy === undefined || !Number.isSafeInteger(id) || !KEYS[toSort(name).sort].test(key))
    throw invalidCursor()
  return { id, key }
}
