import { Temporal } from 'temporal-polyfill'

/** A day of a time zone, which has 23 to 25 hours, or none where the date line was moved. Moments are milliseconds since 1970. */
export interface LocalDay {
  readonly fromMs: number
  /** Not included. */
  readonly untilMs: number
}

/** The day that a moment lies in: YYYY-MM-DD. */
export function dayAt(ms: number, timeZone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(Math.floor(ms))
    .toZonedDateTimeISO(timeZone)
    .toPlainDate()
    .toString()
}

/** @param day YYYY-MM-DD @throws RangeError where there is no such day */
export function addDays(day: string, days: number): string {
  return Temporal.PlainDate.from(day).add({ days }).toString()
}

/** From the first moment of a day to the first of the next. */
export function localDay(day: string, timeZone: string): LocalDay {
  return { fromMs: startOf(day, timeZone), untilMs: startOf(addDays(day, 1), timeZone) }
}

function startOf(day: string, timeZone: string): number {
  return Temporal.PlainDate.from(day).toZonedDateTime(timeZone).epochMilliseconds
}

/** The moment of an hour of a day. One that spring skips is the hour after it; of one that autumn repeats, the first. */
export function hourOf(day: string, hour: number, timeZone: string): number {
  return Temporal.PlainDate.from(day)
    .toPlainDateTime({ hour })
    .toZonedDateTime(timeZone, { disambiguation: 'compatible' }).epochMilliseconds
}

/** For people: 2026-11-29 14:05. */
export function formatLocalTime(ms: number, timeZone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(ms)
    .toZonedDateTimeISO(timeZone)
    .toPlainDateTime()
    .toString({ smallestUnit: 'minute' })
    .replace('T', ' ')
}

/** For people: Sunday 29 November 2026. */
export function formatDay(day: string): string {
  return Temporal.PlainDate.from(day)
    .toLocaleString('en-GB', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })
    .replace(',', '')
}
