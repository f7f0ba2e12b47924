import { AppError } from '@runnel/contracts'
import { parseJson } from '@runnel/json'

/** Longer than any number of JSON that a price may be. */
export const MAX_PRICE_CHARACTERS = 600

const NUMBER = /^([-+]?)(0*)(\d*)(?:\.(\d*))?(e[-+]?\d+)?$/i

/**
 * A price in a request, with every digit: prices are compared as PostgreSQL's numeric, never as doubles.
 *
 * @returns a number as JSON writes it
 * @throws AppError invalid_field
 */
export function parsePrice(text: string, field: string): string {
  const [, sign, zeros, whole, decimals = '', exponent = ''] = NUMBER.exec(text.trim()) ?? []
  const json = `${sign === '-' ? '-' : ''}${whole || '0'}${decimals && `.${decimals}`}${exponent}`
  if (whole === undefined || `${zeros}${whole}${decimals}` === '' || !isKept(json)) {
    throw new AppError('invalid_field', `The parameter ${field} is not valid: expected a number, e.g. 9.99`, {
      field,
      expected: 'a number that a price may be, e.g. 9.99',
    })
  }
  return json
}

/** Whether a product could cost as much. */
function isKept(json: string): boolean {
  try {
    parseJson(json)
    return true
  } catch {
    return false
  }
}
