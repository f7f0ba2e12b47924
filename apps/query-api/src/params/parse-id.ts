import { AppError } from '@runnel/contracts'

/** @returns undefined for what is no id: a whole number from 1 to 2^53 - 1, as people write it */
export function parseId(text: unknown): number | undefined {
  if (typeof text !== 'string' || !/^[1-9]\d{0,15}$/.test(text)) return undefined
  return Number.isSafeInteger(Number(text)) ? Number(text) : undefined
}

/** @throws AppError invalid_field */
export function requireId(text: string, field = 'id'): number {
  const id = parseId(text)
  if (id !== undefined) return id
  throw new AppError('invalid_field', `The ${field} is none`, {
    field,
    expected: 'a number from 1 to 2^53 - 1',
  })
}
