import { AppError } from '@runnel/contracts'
import { MAX_PRICE_CHARACTERS } from '../params/parse-price.ts'
import type { ProductQuery } from '../params/product-query.ts'
import { isSortName, SORT_NAMES } from '../params/product-sort.ts'

/** Longest text of a search. */
const MAX_CHARACTERS = 200
/** A cursor holds a name. */
const MAX_CURSOR_CHARACTERS = 1000

type Parameters = Readonly<Record<string, unknown>>

/**
 * The parameters of the list page; an empty one counts as absent, as forms send them. Unknown ones are ignored: links from
 * other sites add their own.
 *
 * @throws AppError invalid_field
 */
export function parsePageQuery(query: Parameters): ProductQuery {
  const sort = parseText(query, 'sort') ?? 'id'
  if (!isSortName(sort)) throw invalid('sort', `one of ${SORT_NAMES.join(', ')}`)
  return {
    q: parseText(query, 'q'),
    manufacturer: parseText(query, 'manufacturer'),
    minPrice: parseFilled(query, 'minPrice'),
    maxPrice: parseFilled(query, 'maxPrice'),
    sort,
    cursor: parseText(query, 'cursor', MAX_CURSOR_CHARACTERS),
  }
}

function parseText(query: Parameters, field: string, maxCharacters = MAX_CHARACTERS): string | undefined {
  const value = query[field]
  if (value === undefined || value === '') return undefined
  if (typeof value !== 'string' || value.length > maxCharacters || value.includes('\0'))
    throw invalid(field, `text of at most ${maxCharacters} characters`)
  return value
}

/** A field of the form that holds blanks alone is not filled in. */
function parseFilled(query: Parameters, field: string): string | undefined {
  return parseText(query, field, MAX_PRICE_CHARACTERS)?.trim() || undefined
}

function invalid(field: string, expected: string): AppError {
  return new AppError('invalid_field', `The parameter ${field} is not valid: expected ${expected}`, {
    field,
    expected,
  })
}
