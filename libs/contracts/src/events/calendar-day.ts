const DAYS_OF_MONTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const

const DAY_MS = 86_400_000

/** Days from 0000-03-01 to 1970-01-01. */
const DAYS_TO_1970 = 719_468

/**
 * By arithmetic, for every metric and log may name a time: Date.parse costs twice as much, and takes the 30th of February for the
 * 2nd of March.
 *
 * @returns its midnight in UTC in milliseconds since 1970; NaN where the calendar has no such day
 */
export function calendarDayMs(year: number, month: number, day: number): number {
  const days = month === 2 && isLeapYear(year) ? 29 : (DAYS_OF_MONTHS[month - 1] ?? 0)
  return day >= 1 && day <= days ? daysSince1970(year, month, day) * DAY_MS : NaN
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
}

/** Years begin in March here, so that the day of the leap year is the last one. */
function daysSince1970(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1
  const leapDays = Math.floor(shifted / 4) - Math.floor(shifted / 100) + Math.floor(shifted / 400)
  return shifted * 365 + leapDays + dayOfYear - DAYS_TO_1970
}
