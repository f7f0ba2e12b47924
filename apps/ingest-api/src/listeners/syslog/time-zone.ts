import { readOffsetMs } from './read-offset.ts'

/** Times of day in a zone, as moments. */
export interface TimeZone {
  /** @param localMs the time of day as if it were UTC, in milliseconds since 1970 */
  toUtcMs(localMs: number): number
}

/** Offsets change at quarters of an hour. */
const QUARTER_MS = 900_000

/**
 * @param name as IANA has it, such as Europe/Kyiv
 * @throws RangeError for an unknown one
 */
export function createTimeZone(name: string): TimeZone {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    timeZoneName: 'longOffset',
  })
  if (format.resolvedOptions().timeZone === 'UTC') return { toUtcMs: (localMs) => localMs }
  // Messages come in order: the last answer is mostly the next one.
  const last = { quarter: NaN, offsetMs: 0 }
  const offsetAt = (utcMs: number): number => {
    const quarter = Math.floor(utcMs / QUARTER_MS)
    if (quarter !== last.quarter) {
      last.offsetMs = readOffset(format.formatToParts(utcMs))
      last.quarter = quarter
    }
    return last.offsetMs
  }
  // A second look, for the offset is that of the moment, which the first one only comes near to.
  return { toUtcMs: (localMs) => localMs - offsetAt(localMs - offsetAt(localMs)) }
}

/** `GMT+02:00`, or `GMT` alone. */
function readOffset(parts: readonly Intl.DateTimeFormatPart[]): number {
  const text = parts.find(({ type }) => type === 'timeZoneName')?.value ?? ''
  return readOffsetMs(text)
}
