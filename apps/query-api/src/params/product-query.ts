import { AppError, compareDecimals } from '@runnel/contracts'
import type { ProductListOptions } from '@runnel/repositories-events'
import type { PageLimits } from '@runnel/repositories-database'
import { parsePrice } from './parse-price.ts'
import { parseProductCursor } from './product-cursor.ts'
import { toSort, type SortName } from './product-sort.ts'

/** Search, filters and order of the list of products. */
export interface ProductQuery {
  readonly q?: string | undefined
  readonly manufacturer?: string | undefined
  /** As they were sent, like the next one. */
  readonly minPrice?: string | undefined
  readonly maxPrice?: string | undefined
  readonly sort: SortName
  readonly cursor?: string | undefined
}

/** @throws AppError invalid_field | invalid_cursor */
export function toListOptions(query: ProductQuery, limits: PageLimits): ProductListOptions {
  const { q, manufacturer, sort, cursor } = query
  const minPrice = query.minPrice === undefined ? undefined : parsePrice(query.minPrice, 'minPrice')
  const maxPrice = query.maxPrice === undefined ? undefined : parsePrice(query.maxPrice, 'maxPrice')
  if (minPrice !== undefined && maxPrice !== undefined && compareDecimals(minPrice, maxPrice) > 0) {
    throw new AppError('invalid_field', 'minPrice is greater than maxPrice', {
      field: 'minPrice',
      expected: 'at most maxPrice',
    })
  }
  return {
    ...{ limits, manufacturer, minPrice, maxPrice },
    words: parseWords(q),
    ...toSort(sort),
    after: parseProductCursor(cursor, sort),
  }
}

/** Whether it is the default view: the first page of all products. */
export function isPlain({ q, manufacturer, minPrice, maxPrice, sort, cursor }: ProductQuery): boolean {
  const given = [q, manufacturer, minPrice, maxPrice, cursor].some(
    (value) => value !== undefined && value !== '',
  )
  return !given && sort === 'id'
}

/** Words of one search. */
const MAX_WORDS = 10

/** Words of a search; text in double quotes is one. @throws AppError invalid_field */
function parseWords(q: string | undefined): string[] {
  if (q === undefined) return []
  const words = [...q.matchAll(/"([^"]+)"|[^\s"]+/g)].map((match) => match[1] ?? match[0])
  if (words.length > MAX_WORDS) {
    throw new AppError('invalid_field', `The search has too many words: expected at most ${MAX_WORDS}`, {
      field: 'q',
      expected: `at most ${MAX_WORDS} words`,
    })
  }
  return words
}
