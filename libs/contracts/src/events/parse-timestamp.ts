import { isExactNumber } from '../json-value.ts'
import { calendarDayMs } from './calendar-day.ts'
import { readEpoch, readEpochNumber } from './read-epoch.ts'
import { readUtcTime } from './read-utc-time.ts'

/**
 * Date, time and zone, the last two optional: RFC 3339, ISO 8601 without separators, a blank for the T, `/` in the date, a zone of
 * hours alone or by the name UTC or GMT. The name behind a numeric zone, as Go writes it, says nothing more.
 */
const TIMESTAMP =
  /^(\d{4})([-/]?)(\d\d)\2(\d\d)(?:(?:[Tt]| +)(\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d+))?)?(?: ?(?:([Zz]|UTC|GMT)|([+-])(\d\d)(?::?(\d\d))?(?: [A-Z]{2,5})?))?)?$/

/** 0001-01-01T00:00:00Z */
export const FIRST_TIME_MS = -62_135_596_800_000

/** 9999-12-31T23:59:59.999Z: what both JavaScript and Postgres can hold and a person can mean. */
export const LAST_TIME_MS = 253_402_300_799_999

const DAY_MS = 86_400_000

/**
 * The one reader of times, for all kinds and formats. Digits behind the millisecond are cut off: columns hold milliseconds, and
 * the payload keeps what was sent. A leap second is the one behind it, as POSIX has it. Epoch numbers: {@link readEpoch}.
 *
 * @param value text, a number, or a number with its text (JSON.rawJSON)
 * @returns milliseconds since 1970, or undefined when the value is no time from year 1 to 9999
 */
export function parseTimestamp(value: unknown): number | undefined {
  const ms = toMs(value)
  return ms >= FIRST_TIME_MS && ms <= LAST_TIME_MS ? ms : undefined
}

/**
 * @param text is a time, see {@link parseTimestamp}
 * @returns whether it says in which zone it is, so that it is one moment; a time without a zone counts as UTC
 */
export function namesZone(text: string): boolean {
  const match = TIMESTAMP.exec(text)
  return match === null || match[9] !== undefined || match[10] !== undefined
}

function toMs(value: unknown): number {
  if (typeof value === 'number') return readEpochNumber(value)
  if (typeof value === 'string') return readUtcTime(value) ?? fromText(value)
  return isExactNumber(value) ? readEpoch(value.rawJSON) : NaN
}

/** A text of digits is an epoch from nine of them on: `2026` is none, and eight are a calendar day. */
const EPOCH_TEXT = /^-?[1-9]\d{8,}(?:\.\d*)?$/

function fromText(text: string): number {
  const match = TIMESTAMP.exec(text)
  if (!match) return EPOCH_TEXT.test(text) ? readEpoch(text) : NaN
  const [, year, , month, day, hour, minute, second, fraction, , sign, zoneHour, zoneMinute] = match
  const midnightMs = calendarDayMs(Number(year), Number(month), Number(day))
  if (hour === undefined) return midnightMs
  const timeMs = timeOfDayMs(Number(hour), Number(minute), Number(second ?? 0), fraction)
  if (sign === undefined) return withLeapSecond(midnightMs + timeMs, second, fraction)
  const zoneMs = timeOfDayMs(Number(zoneHour), Number(zoneMinute ?? 0), 0, undefined)
  if (zoneMs >= DAY_MS) return NaN
  const ms = midnightMs + timeMs + (sign === '-' ? zoneMs : -zoneMs)
  return withLeapSecond(ms, second, fraction)
}

/** @returns NaN where there is no such time; 24:00 is the end of a day */
function timeOfDayMs(hour: number, minute: number, second: number, fraction: string | undefined): number {
  const ms = (hour * 3600 + minute * 60 + second) * 1000 + fractionMs(fraction)
  const isTime = minute < 60 && second <= 60 && (hour < 24 || ms === DAY_MS)
  return isTime ? ms : NaN
}

/** The first three digits, which are milliseconds. */
function fractionMs(fraction: string | undefined): number {
  return fraction === undefined ? 0 : Number(fraction.slice(0, 3).padEnd(3, '0'))
}

/** Leap seconds are the last ones of a day in UTC, wherever they are written. */
function withLeapSecond(ms: number, second: string | undefined, fraction: string | undefined): number {
  return second !== '60' || (ms - fractionMs(fraction)) % DAY_MS === 0 ? ms : NaN
}
