import { AppError } from '../app-error.ts'
import { toInteger } from '../decimal.ts'
import { isExactNumber, type JsonObject } from '../json-value.ts'

/** How far a version that is a time may lie ahead: a local time in place of UTC is up to 14 hours. */
const MAX_AHEAD_MS = 86_400_000

/** Below it, a version is a number of its own; as milliseconds it would lie in early 1973. */
const FIRST_MILLISECONDS = 1e11

/** Years of 13-digit milliseconds end far before 2286; 16 digits are microseconds. */
const FIRST_MICROSECONDS = 1e14

/** 14 digits, as milliseconds beyond the year 2594: only a calendar's. */
const CALENDAR = /^(\d{4})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])([01]\d|2[0-3])([0-5]\d)([0-5]\d)$/

/**
 * The version that a client gives to a state of its product. One that is a clock's (milliseconds, microseconds, or
 * YYYYMMDDhhmmss) may not lie far ahead: it would stand against every right one until that time has come.
 *
 * @param product that fits its schema
 * @param nowMs when it was received, in milliseconds since 1970
 * @param field that held it, for the error
 * @returns null where it has none
 * @throws AppError invalid_field
 */
export function readProductVersion(
  { version: sent }: JsonObject,
  nowMs: number,
  field = '/version',
): number | null {
  const version = isExactNumber(sent) ? toInteger(sent) : sent
  if (typeof version !== 'number') return null
  const timeMs = timeOfVersion(version)
  if (timeMs === undefined || timeMs <= nowMs + MAX_AHEAD_MS) return version
  throw new AppError(
    'invalid_field',
    `${field} ${version} is a time of ${describeTime(timeMs)}: no later version could ever replace it`,
    { field, expected: 'a number below 100000000000, or a time that is at most 24 hours ahead' },
  )
}

/** @returns undefined for a number that is no time */
function timeOfVersion(version: number): number | undefined {
  if (version < FIRST_MILLISECONDS) return undefined
  if (version >= FIRST_MICROSECONDS) return version / 1000
  const found = CALENDAR.exec(String(version))
  if (!found) return version
  const [year, month, day, hour, minute, second] = found.slice(1).map(Number) as [
    number,
    number,
    number,
    ...number[],
  ]
  return year < 1970 ? version : Date.UTC(year, month - 1, day, hour, minute, second)
}

function describeTime(timeMs: number): string {
  const year = new Date(timeMs).getUTCFullYear()
  return Number.isNaN(year) ? 'a far future' : `the year ${year}`
}
