import { readOffsetMs } from './read-offset.ts'
import type { TimeZone } from './time-zone.ts'

/** What a time without a year or a zone is read by. */
export interface BsdClock {
  /** Milliseconds since 1970. */
  readonly nowMs: () => number
  /** Of senders that do not name theirs. */
  readonly zone: TimeZone
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** `Nov  3 12:00:00`, with a year, a fraction or a zone where the sender has one; `*` before it: its clock is not set. */
const BSD =
  /^[*.]?([A-Za-z]{3}) {1,2}(\d{1,2})(?: ((?:19|20)\d\d))? (\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(?: ((?:19|20)\d\d))?(?: (UTC|GMT|Z|[+-]\d\d:?\d\d))?(?::? |:?$)/
/** As in RFC 5424, but without its other members. */
const ISO = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?(?= |$)/
const DAY_MS = 86_400_000
/** The 29th of February is up to eight years away. */
const MAX_YEARS = 8

/** @returns undefined where the text does not begin with a time */
export function readBsdTime(
  text: string,
  clock: BsdClock,
): { readonly timestamp: string; readonly end: number } | undefined {
  const iso = ISO.exec(text)
  if (iso !== null) return { timestamp: iso[0], end: Math.min(iso[0].length + 1, text.length) }
  const match = BSD.exec(text)
  if (match === null) return undefined
  const [all, name = '', day, yearBefore, hour, minute, second, fraction, yearBehind, zone] = match
  const month = MONTHS.indexOf(name.toLowerCase())
  const time = { month, day: Number(day), hour: Number(hour), minute: Number(minute), second: Number(second) }
  if (month < 0 || time.hour > 23 || time.minute > 59 || time.second > 60) return undefined
  const year = yearBefore ?? yearBehind
  const toMs = (of: number) => momentOf(of, time, zone, clock)
  const ms = year === undefined ? nearestPast(toMs, clock.nowMs()) : toMs(Number(year))
  if (ms === undefined) return undefined
  const seconds = new Date(ms).toISOString().slice(0, 19)
  return { timestamp: `${seconds}${fraction === undefined ? '' : `.${fraction}`}Z`, end: all.length }
}

interface TimeOfYear {
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
}

/** The last year in which the time is not more than a day ahead: clocks and zones of senders may be off. */
function nearestPast(toMs: (year: number) => number | undefined, nowMs: number): number | undefined {
  const last = new Date(nowMs + DAY_MS).getUTCFullYear()
  for (let year = last; year >= last - MAX_YEARS; year--) {
    const ms = toMs(year)
    if (ms !== undefined && ms <= nowMs + DAY_MS) return ms
  }
  return undefined
}

/** @returns undefined where the month has no such day */
function momentOf(
  year: number,
  { month, day, hour, minute, second }: TimeOfYear,
  zone: string | undefined,
  { zone: zoneOfSenders }: BsdClock,
): number | undefined {
  const midnight = new Date(Date.UTC(year, month, day))
  if (midnight.getUTCMonth() !== month || midnight.getUTCDate() !== day) return undefined
  const localMs = midnight.getTime() + ((hour * 60 + minute) * 60 + second) * 1000
  return zone === undefined ? zoneOfSenders.toUtcMs(localMs) : localMs - readOffsetMs(zone)
}
