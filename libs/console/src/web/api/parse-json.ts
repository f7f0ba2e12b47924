import { parseExact } from '@runnel/json/exact-numbers'

/**
 * JSON with every digit of its numbers: what is shown, copied and sent again is what was stored. Browsers from before 2025 have no
 * JSON.rawJSON; there a number that a double would change is a text of its digits.
 *
 * @throws SyntaxError
 */
export function parseJson(text: string): unknown {
  const create = typeof JSON.rawJSON === 'function' ? JSON.rawJSON : (digits: string) => digits
  return parseExact(text, create)
}

/** @returns whether a value is a number that keeps its text, which JSON.stringify writes */
export function isExactNumber(value: unknown): boolean {
  return typeof JSON.isRawJSON === 'function' && JSON.isRawJSON(value)
}
