import { Temporal } from 'temporal-polyfill'

export const DAY_MS = 86_400_000

/** The clocks on the walls of a time zone. Moments are whole milliseconds since 1970. */
export interface LocalTimes {
  /** What they show, in milliseconds since midnight. */
  timeOfDayMs(ms: number): number
  /** When the offset changes next, or Infinity. */
  nextChangeMs(ms: number): number
  /** When it changed last, that moment included, or -Infinity. */
  lastChangeMs(ms: number): number
}

/**
 * The only door to time zone data.
 *
 * @param timeZone IANA name
 * @throws RangeError from every function where it is not known
 */
export function localTimesOf(timeZone: string): LocalTimes {
  const at = (ms: number) => Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone)
  return {
    timeOfDayMs: (ms) => modulo(ms + at(ms).offsetNanoseconds / 1e6, DAY_MS),
    nextChangeMs: (ms) => at(ms).getTimeZoneTransition('next')?.epochMilliseconds ?? Infinity,
    lastChangeMs: (ms) => at(ms + 1).getTimeZoneTransition('previous')?.epochMilliseconds ?? -Infinity,
  }
}

/** @returns the remainder that is not negative */
export function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor
}
