import { calendarDayMs } from './calendar-day.ts'

/** Sign, digits before the point and behind it. */
export const EPOCH_NUMBER = /^(-?)0*(\d*)(?:\.(\d*))?$/

/**
 * An epoch number by the count of its digits before the point, read from its text, so that nanoseconds beyond 2^53 lose nothing:
 *
 * - up to 11: seconds; 12 and 13: milliseconds; 15 and 16: microseconds; 18 and 19: nanoseconds
 * - 14, 17 and 20 are no epoch, which would lie behind the year 2286, but YYYYMMDDhhmmss in UTC with 0, 3 or 6 decimals; so are 8
 *   (a day) and 12 (to the minute) where they spell a time from 1900 to 2199: as epochs they would lie in 1970 and 1976
 *
 * @param text of a number in JSON
 * @returns milliseconds since 1970, the rest of them cut off; NaN where the number is no time
 */
export function readEpoch(text: string): number {
  const match = EPOCH_NUMBER.exec(text)
  if (!match) return readExponent(text)
  const [, sign = '', whole = '', fraction = ''] = match
  if (sign === '-') return 0 - readDigits(whole, fraction)
  const calendarMs = fraction === '' && CALENDAR_LENGTHS.has(whole.length) ? readCalendar(whole) : NaN
  return Number.isNaN(calendarMs) ? readDigits(whole, fraction) : calendarMs
}

/** Whole numbers of ten digits are seconds, of thirteen milliseconds: of these, only the oldest could spell a time. */
const [FIRST_TEN, FIRST_ELEVEN, FIRST_THIRTEEN, FIRST_FOURTEEN] = [1e9, 1e10, 1e12, 1e13] as const

/** The same of a double. Most are whole seconds or milliseconds of today, which need no text. */
export function readEpochNumber(number: number): number {
  if (Number.isInteger(number)) {
    if (number >= FIRST_THIRTEEN && number < FIRST_FOURTEEN) return number
    if (number >= FIRST_TEN && number < FIRST_ELEVEN) return number * 1000
  }
  return readEpoch(String(number))
}

/** JavaScript writes doubles from 1e21 on so, and those below 1e-6; hardly any other writer does. */
function readExponent(text: string): number {
  const number = Number(text)
  if (Math.abs(number) < 1e-6) return 0
  return Math.abs(number) < 1e21 ? readEpoch(String(number)) : NaN
}

function readDigits(whole: string, fraction: string): number {
  const { length } = whole
  if (length <= 11) return Number(whole) * 1000 + Number(fraction.slice(0, 3).padEnd(3, '0'))
  if (length <= 13) return Number(whole)
  if (length === 15 || length === 16) return Number(whole.slice(0, -3))
  return length === 18 || length === 19 ? Number(whole.slice(0, -6)) : NaN
}

const CALENDAR_LENGTHS: ReadonlySet<number> = new Set([8, 12, 14, 17, 20])

/** What begins so is no epoch of these lengths that a sender means, as long as it is a time. */
const CALENDAR_YEARS = { from: '1900', to: '2199' }

function readCalendar(digits: string): number {
  const year = digits.slice(0, 4)
  if (year < CALENDAR_YEARS.from || year > CALENDAR_YEARS.to) return NaN
  const part = (from: number, to: number) => Number(digits.slice(from, to))
  const [hour, minute, second] = [part(8, 10), part(10, 12), part(12, 14)]
  if (hour >= 24 || minute >= 60 || second >= 60) return NaN
  const dayMs = calendarDayMs(Number(year), part(4, 6), part(6, 8))
  return dayMs + (hour * 3600 + minute * 60 + second) * 1000 + part(14, 17)
}
