import type { LocalWindow } from '@runnel/contracts'
import { LRUCache } from 'lru-cache'
import { DAY_MS, localTimesOf, modulo, type LocalTimes } from './local-times.ts'

/** From `openFromMs` to before `openUntilMs`, in milliseconds since 1970. */
export interface OpenPeriod {
  readonly openFromMs: number
  readonly openUntilMs: number
}

/** Where there is no window. Both are dates that PostgreSQL and JSON can write. */
export const ALWAYS_OPEN: OpenPeriod = {
  openFromMs: Date.UTC(1970, 0, 1),
  openUntilMs: Date.UTC(9999, 11, 31),
}

const MINUTE_MS = 60_000

/** Combinations of zone and window in use at the same time; one more costs a computation. */
const MAX_CACHED = 10_000

interface Cached {
  /** From then on until its end, this period is the answer. */
  readonly sinceMs: number
  readonly period: OpenPeriod
}

/** Caches a pure function: an entry cannot become wrong. */
const cache = new LRUCache<string, Cached>({ max: MAX_CACHED })

/**
 * The period in which a window is open at a moment, or else the next one. A window is open while the local time of
 * day is in [from, to). Hence an hour that autumn repeats is open twice, and where spring skips the
 * opening, the window opens right after the gap. A period lasts until the next break, over midnight and over changes of
 * the offset.
 *
 * @param nowMs milliseconds since 1970
 * @param timeZone IANA name
 * @param window null: always open
 * @throws RangeError where the time zone is not known, or the window has no length
 */
export function windowOf(nowMs: number, timeZone: string, window: LocalWindow | null): OpenPeriod {
  if (window === null) return ALWAYS_OPEN
  const key = `${window.from}-${window.to} ${timeZone}`
  const known = cache.get(key)
  if (known && known.sinceMs <= nowMs && nowMs < known.period.openUntilMs) return known.period
  // Windows and changes of the offset begin and end at whole milliseconds.
  const atMs = Math.floor(nowMs)
  const period = findPeriod(atMs, localTimesOf(timeZone), window)
  cache.set(key, { sinceMs: Math.min(atMs, period.openFromMs), period })
  return period
}

/**
 * The period in which an action that takes some time may begin, at a moment or else next: it has to end before the window
 * closes. Of a window that is shorter than twice that time, the first half.
 *
 * @param takesMs at most, in milliseconds
 * @throws as {@link windowOf}
 */
export function windowToBegin(
  nowMs: number,
  timeZone: string,
  window: LocalWindow | null,
  takesMs: number,
): OpenPeriod {
  const period = windowOf(nowMs, timeZone, window)
  const toBegin = shortened(period, takesMs)
  if (nowMs < toBegin.openUntilMs) return toBegin
  // This one closes too soon.
  return shortened(windowOf(period.openUntilMs, timeZone, window), takesMs)
}

function shortened({ openFromMs, openUntilMs }: OpenPeriod, byMs: number): OpenPeriod {
  return { openFromMs, openUntilMs: openUntilMs - Math.min(byMs, (openUntilMs - openFromMs) / 2) }
}

/** Goes from one opening, closing or change of the offset to the next: between two of them nothing happens. */
function findPeriod(atMs: number, local: LocalTimes, window: LocalWindow): OpenPeriod {
  const lengthMs = modulo((window.to - window.from) * MINUTE_MS, DAY_MS)
  if (lengthMs === 0) throw new RangeError('The window is empty: it ends where it begins')
  const isOpenAt = (ms: number) => sinceMs(local, ms, window.from) < lengthMs
  const next = (ms: number, minute: number) =>
    Math.min(ms + DAY_MS - sinceMs(local, ms, minute), local.nextChangeMs(ms))
  let openFromMs = atMs
  if (isOpenAt(atMs)) openFromMs = findStart(atMs, local, window, isOpenAt)
  else while (!isOpenAt(openFromMs)) openFromMs = next(openFromMs, window.from)
  let openUntilMs = Math.max(openFromMs, atMs)
  while (isOpenAt(openUntilMs)) openUntilMs = next(openUntilMs, window.to)
  return { openFromMs, openUntilMs }
}

/** @param openMs a moment at which the window is open */
function findStart(
  openMs: number,
  local: LocalTimes,
  { from }: LocalWindow,
  isOpenAt: (ms: number) => boolean,
): number {
  let startMs = openMs
  for (;;) {
    startMs = Math.max(startMs - sinceMs(local, startMs, from), local.lastChangeMs(startMs))
    if (!isOpenAt(startMs - 1)) return startMs
    startMs -= 1
  }
}

/** Milliseconds since it was last this time of day, if the offset has not changed meanwhile. */
function sinceMs(local: LocalTimes, ms: number, minute: number): number {
  return modulo(local.timeOfDayMs(ms) - minute * MINUTE_MS, DAY_MS)
}
