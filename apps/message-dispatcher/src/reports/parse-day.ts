import { AppError } from '@runnel/contracts'
import { addDays } from '../windows/local-days.ts'

/** Whether a text is a day of the calendar: YYYY-MM-DD, within what PostgreSQL and clocks can tell. */
export function isDay(text: string): boolean {
  if (!/^[12]\d{3}-\d\d-\d\d$/.test(text)) return false
  try {
    return addDays(text, 0) === text
  } catch {
    return false
  }
}

/** @throws AppError invalid_field */
export function parseDay(text: string, field: string): string {
  if (isDay(text)) return text
  const expected = 'a day such as 2026-11-29'
  throw new AppError('invalid_field', `The day is not valid: expected ${expected}`, { field, expected })
}
