import { AppError } from '@runnel/contracts'
import type { ProductListOptions } from '@runnel/repositories-events'
import { parseProductCursor } from './product-cursor.ts'
import { toSort, type SortName } from './product-sort.ts'
import { parseWords } from './words.ts'

/** What a person asks of the list of products. */
export interface ProductQuery {
  readonly q?: string | undefined
  readonly manufacturer?: string | undefined
  readonly minPrice?: number | undefined
  readonly maxPrice?: number | undefined
  readonly sort: SortName
  readonly cursor?: string | undefined
}

/** @throws AppError invalid_field | invalid_cursor */
export function toListOptions(query: ProductQuery, limit: number): ProductListOptions {
  const { q, manufacturer, minPrice, maxPrice, sort, cursor } = query
  if (minPrice !== undefined && maxPrice !== undefined && minPrice > maxPrice) {
    throw new AppError('invalid_field', 'No price is at least minPrice and at most maxPrice', {
      field: 'minPrice',
      expected: 'at most maxPrice',
    })
  }
  return {
    ...{ limit, manufacturer, minPrice, maxPrice },
    words: parseWords(q),
    ...toSort(sort),
    after: parseProductCursor(cursor, sort),
  }
}

/** Whether it is what everybody asks for: the first page of all products. */
export function isPlain({ q, manufacturer, minPrice, maxPrice, sort, cursor }: ProductQuery): boolean {
  const given = [q, manufacturer, minPrice, maxPrice, cursor].some(
    (value) => value !== undefined && value !== '',
  )
  return !given && sort === 'id'
}
