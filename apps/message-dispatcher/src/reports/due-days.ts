import { addDays, dayAt, hourOf } from '../windows/local-days.ts'
import type { ReportOptions } from './settings.ts'

type When = Pick<ReportOptions, 'hour' | 'timeZone'>

/** A report that nothing could send is made up for after so many days at most. */
export const MAX_LATE_DAYS = 3

/** When the report of a day is due: at the hour of the next day. @returns milliseconds since 1970 */
export function dueMs(day: string, { hour, timeZone }: When): number {
  return hourOf(addDays(day, 1), hour, timeZone)
}

/** The newest day whose report is due. */
export function newestDueDay(nowMs: number, when: When): string {
  let day = addDays(dayAt(nowMs, when.timeZone), -1)
  while (dueMs(day, when) > nowMs) day = addDays(day, -1)
  return day
}

/**
 * Days whose report has to be made now, the earliest first: the newest that is due, and those before it that were missed. A day
 * counts as missed only where one of the days before it has a report: reports that have just been switched on do not begin in the past.
 *
 * @param reported days of the last time that have a report
 */
export function daysToReport(nowMs: number, when: When, reported: ReadonlySet<string>): string[] {
  const newest = newestDueDay(nowMs, when)
  const days: string[] = reported.has(newest) ? [] : [newest]
  for (let back = 1; back < MAX_LATE_DAYS; back++) {
    const day = addDays(newest, -back)
    const earlier = Array.from({ length: MAX_LATE_DAYS }, (_, i) => addDays(day, -i - 1))
    if (!reported.has(day) && earlier.some((before) => reported.has(before))) days.unshift(day)
  }
  return days
}
