import { Temporal } from 'temporal-polyfill'

export const DAY_MS = 86_400_000

/** Local time of a time zone. Moments are whole milliseconds since 1970. */
export interface LocalTimes {
  /** The local time of day, in milliseconds since midnight. */
  timeOfDayMs(ms: number): number
  /** The next change of the offset, or Infinity. */
  nextChangeMs(ms: number): number
  /** The last change of the offset, that moment included, or -Infinity. */
  lastChangeMs(ms: number): number
}

/**
 * With local-days.ts, the only access to time zone data.
 *
 * @param timeZone IANA name
 * @throws RangeError from every function where the time zone is not known
 */
export function localTimesOf(timeZone: string): LocalTimes {
  const at = (ms: number) => Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone)
  return {
    timeOfDayMs: (ms) => modulo(ms + at(ms).offsetNanoseconds / 1e6, DAY_MS),
    nextChangeMs: (ms) => at(ms).getTimeZoneTransition('next')?.epochMilliseconds ?? Infinity,
    lastChangeMs: (ms) => at(ms + 1).getTimeZoneTransition('previous')?.epochMilliseconds ?? -Infinity,
  }
}

/** @returns the remainder, never negative */
export function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor
}
