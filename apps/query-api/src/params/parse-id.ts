import { AppError } from '@runnel/contracts'

/** @returns undefined for text that is not an id: an integer from 1 to 2^53 - 1, in decimal digits */
export function parseId(text: unknown): number | undefined {
  if (typeof text !== 'string' || !/^[1-9]\d{0,15}$/.test(text)) return undefined
  return Number.isSafeInteger(Number(text)) ? Number(text) : undefined
}

/** @throws AppError invalid_field */
export function requireId(text: string, field = 'id'): number {
  const id = parseId(text)
  if (id !== undefined) return id
  throw new AppError('invalid_field', `The ${field} is not valid: expected an integer from 1`, {
    field,
    expected: 'an integer from 1 to 2^53 - 1',
  })
}
