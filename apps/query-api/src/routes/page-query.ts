import { AppError } from '@runnel/contracts'

/** Longest text that a person searches for. */
const MAX_CHARACTERS = 200

/**
 * The parameters of the list page. Others are let be: links from elsewhere carry what they like.
 *
 * @throws AppError invalid_field
 */
export function parsePageQuery(query: { readonly q?: unknown; readonly cursor?: unknown }) {
  return { q: parseText(query.q, 'q') ?? '', cursor: parseText(query.cursor, 'cursor') }
}

function parseText(value: unknown, field: string): string | undefined {
  if (value === undefined || value === '') return undefined
  if (typeof value !== 'string' || value.length > MAX_CHARACTERS || value.includes('\0')) {
    throw new AppError('invalid_field', `The parameter ${field} cannot be understood`, {
      field,
      expected: `text of at most ${MAX_CHARACTERS} characters`,
    })
  }
  return value
}
