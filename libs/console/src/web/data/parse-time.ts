import { formatDateTime } from '../format/time.ts'
import { parseWallClock } from '../format/zone.ts'
import { parseDuration, presetOf, type TimeRange } from './time-range.ts'

const EXACT = /^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:?\d{2})$/i
const CLOCK = /^\d{1,2}:\d{2}(:\d{2})?$/

/** A moment as a person types it. */
export type TypedTime =
  { readonly kind: 'before-now'; readonly ms: number } | { readonly kind: 'moment'; readonly atMs: number }

/**
 * Reads `now`, `-1h`, `now-30m`, `2026-01-31`, `2026-01-31 12:00`, `12:00` of today, RFC 3339, seconds or milliseconds since 1970. What
 * names no zone is in the reader's.
 *
 * @returns undefined for anything else
 */
export function parseTime(text: string, nowMs: number): TypedTime | undefined {
  const typed = text.trim()
  if (/^now$/i.test(typed)) return { kind: 'before-now', ms: 0 }
  const before = /^(?:now\s*)?-\s*(\S+)$/i.exec(typed)
  if (before) {
    const ms = parseDuration(before[1]!.toLowerCase())
    return ms === undefined ? undefined : { kind: 'before-now', ms }
  }
  const atMs = parseMoment(typed, nowMs)
  return Number.isNaN(atMs) ? undefined : { kind: 'moment', atMs }
}

function parseMoment(text: string, nowMs: number): number {
  if (/^\d{10}$/.test(text)) return Number(text) * 1000
  if (/^\d{13}$/.test(text)) return Number(text)
  if (EXACT.test(text)) return Date.parse(text)
  if (CLOCK.test(text))
    return parseWallClock(
      `${formatDateTime(nowMs).slice(0, 10)} ${text.padStart(text.length < 6 ? 5 : 8, '0')}`,
    )
  return parseWallClock(text)
}

/** When a typed time is. */
export function momentOf(time: TypedTime, nowMs: number): number {
  return time.kind === 'moment' ? time.atMs : nowMs - time.ms
}

/** Both ends of a range as a person would type them. */
export function typedEnds(range: TimeRange): { from: string; to: string } {
  if (range.kind === 'preset') return { from: `-${presetOf(range.ms).id}`, to: 'now' }
  return { from: formatDateTime(range.fromMs), to: formatDateTime(range.toMs) }
}
