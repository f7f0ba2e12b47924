import { dayAt, localDay } from '../windows/local-days.ts'
import { MAX_LATE_DAYS } from './due-days.ts'
import type { ReportOptions } from './settings.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** The current rate is computed from the counts of the last minutes. */
const FOR_RATES_MS = 2 * HOUR_MS

/** A report is about the day before, late by MAX_LATE_DAYS at most; and a preview may be of the day before that. */
const FOR_REPORTS_MS = (MAX_LATE_DAYS + 2) * DAY_MS

/**
 * How long counts by the minute are needed, in milliseconds. Where days begin at full hours of UTC, reports do with those by the
 * hour; elsewhere, as in Asia/Kolkata, the first and the last part of an hour of each day are counted by minutes.
 */
export function minutesKeptMs(
  { to, timeZone }: Pick<ReportOptions, 'to' | 'timeZone'>,
  nowMs: number,
): number {
  if (to.length === 0) return FOR_RATES_MS
  const { fromMs, untilMs } = localDay(dayAt(nowMs, timeZone), timeZone)
  return fromMs % HOUR_MS === 0 && untilMs % HOUR_MS === 0 ? FOR_RATES_MS : FOR_REPORTS_MS
}
