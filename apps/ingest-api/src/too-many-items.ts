import { AppError } from '@runnel/contracts'

/** @returns the error of a body with more than may be in it. @param what there are too many of, in the plural */
export function tooManyItems(maxItems: number, what = 'events'): AppError {
  return new AppError('too_many_items', `The body holds more than ${maxItems} ${what}`, {
    expected: `at most ${maxItems} ${what}`,
  })
}
