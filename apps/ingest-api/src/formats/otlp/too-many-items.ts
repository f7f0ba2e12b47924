import { AppError } from '@runnel/contracts'

/** @returns the error of a body with more records, resources and scopes than are read */
export function tooManyItems(maxItems: number): AppError {
  return new AppError('too_many_items', `The body holds more than ${maxItems} records`, {
    expected: `at most ${maxItems} records`,
  })
}
