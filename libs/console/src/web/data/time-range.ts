import { formatDateTime } from '../format/time.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** The units of a duration in an address, the largest first. */
const UNITS = [
  ['d', 'day', DAY_MS],
  ['h', 'hour', HOUR_MS],
  ['m', 'minute', MINUTE_MS],
  ['s', 'second', 1000],
] as const

/** Ranges that are offered, as far as events are kept for so long. */
const OFFERED_MS = [
  ...[5, 15, 30].map((count) => count * MINUTE_MS),
  ...[1, 3, 6, 12, 24].map((count) => count * HOUR_MS),
  ...[2, 7, 14, 30, 90, 365].map((count) => count * DAY_MS),
]

const DEFAULT_MS = DAY_MS
/** A hundred years: a range is no longer. */
const MAX_MS = 36_500 * DAY_MS

/** A range as the address has it: `range=1h`, which ends now, or `from` and `to`. */
export type TimeRange =
  | { readonly kind: 'preset'; readonly id: string; readonly label: string; readonly ms: number }
  | { readonly kind: 'fixed'; readonly fromMs: number; readonly toMs: number }

/** Changes to the address. */
export interface RangeChanges {
  readonly range?: string | null
  readonly from: string | null
  readonly to: string | null
  readonly cursor: null
}

/** A range that ends now. */
export function presetOf(ms: number) {
  const [unit, name, unitMs] = UNITS.find(([, , size]) => ms % size === 0 && (size < DAY_MS || ms > DAY_MS))!
  const count = ms / unitMs
  return {
    kind: 'preset',
    id: `${count}${unit}`,
    label: count === 1 ? `Last ${name}` : `Last ${count} ${name}s`,
    ms,
  } as const
}

/** The ranges to choose from. @param keptMs for how long events are kept; undefined where that is not known */
export function presetsUpTo(keptMs: number | undefined) {
  if (keptMs === undefined) return OFFERED_MS.filter((ms) => ms <= 30 * DAY_MS).map(presetOf)
  const all = OFFERED_MS.filter((ms) => ms < keptMs).map(presetOf)
  return [...all, { ...presetOf(keptMs), label: `All that is kept (${presetOf(keptMs).label.slice(5)})` }]
}

/** Reads the range of an address; in place of what is malformed stands the default. */
export function readRange(params: URLSearchParams): TimeRange {
  const [fromMs, toMs] = [Date.parse(params.get('from') ?? ''), Date.parse(params.get('to') ?? '')]
  if (fromMs < toMs) return { kind: 'fixed', fromMs, toMs }
  return presetOf(parseDuration(params.get('range') ?? '') ?? DEFAULT_MS)
}

/** @returns milliseconds; undefined for what is not a duration, such as `90m` */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d{1,7})([smhd])$/.exec(text)
  const ms = match ? Number(match[1]) * UNITS.find(([unit]) => unit === match[2])![2] : 0
  return ms > 0 && ms <= MAX_MS ? ms : undefined
}

/** Changes to the address that choose a range which ends now. */
export function presetChanges(ms: number): RangeChanges {
  return { range: ms === DEFAULT_MS ? null : presetOf(ms).id, from: null, to: null, cursor: null }
}

/** Changes to the address that choose a stretch of time. The preset stays, for the way back. */
export function fixedChanges(fromMs: number, toMs: number): RangeChanges {
  const text = (timeMs: number) => new Date(timeMs).toISOString()
  return { from: text(fromMs), to: text(toMs), cursor: null }
}

/** Changes to the address that make it lead to the same entries at any time. */
export function absoluteChanges(range: TimeRange, nowMs: number) {
  if (range.kind === 'fixed') return {}
  const { from, to } = fixedChanges(nowMs - range.ms, nowMs)
  return { from, to }
}

/** Changes to the address that go back to the preset. */
export const ZOOMED_OUT = { from: null, to: null, cursor: null } as const

/** Parameters of a request. A preset has no end: a client's clock may be ahead. */
export function rangeParams(range: TimeRange, nowMs: number): { from: string; to?: string } {
  if (range.kind === 'preset') return { from: new Date(nowMs - range.ms).toISOString() }
  return { from: new Date(range.fromMs).toISOString(), to: new Date(range.toMs).toISOString() }
}

/** Both ends of a range. */
export function boundsOf(range: TimeRange, nowMs: number): { fromMs: number; toMs: number } {
  if (range.kind === 'fixed') return { fromMs: range.fromMs, toMs: range.toMs }
  return { fromMs: nowMs - range.ms, toMs: nowMs }
}

/** The range as long before, or after; what would reach beyond now ends now. */
export function shiftChanges(range: TimeRange, direction: -1 | 1, nowMs: number): RangeChanges {
  const { fromMs, toMs } = boundsOf(range, nowMs)
  const spanMs = toMs - fromMs
  if (direction > 0 && toMs + spanMs >= nowMs) return presetChanges(toSeconds(spanMs))
  return fixedChanges(fromMs + direction * spanMs, toMs + direction * spanMs)
}

/** The range twice as long, about the same middle; what would reach beyond now ends now. */
export function widenChanges(range: TimeRange, nowMs: number): RangeChanges {
  const { fromMs, toMs } = boundsOf(range, nowMs)
  const spanMs = Math.min(toMs - fromMs, MAX_MS / 2)
  if (toMs + spanMs / 2 >= nowMs) return presetChanges(toSeconds(2 * spanMs))
  return fixedChanges(fromMs - spanMs / 2, toMs + spanMs / 2)
}

/** Shorter ranges show a moment without what is around it. */
const LEAST_AROUND_MS = MINUTE_MS

/** A range as long as this one in which a moment stands near the end. */
export function spanAround(range: TimeRange, atMs: number, nowMs: number): { fromMs: number; toMs: number } {
  const { fromMs, toMs } = boundsOf(range, nowMs)
  const spanMs = Math.max(toMs - fromMs, LEAST_AROUND_MS)
  return { fromMs: Math.floor(atMs - spanMs * 0.9), toMs: Math.ceil(atMs + spanMs * 0.1) }
}

/** Whole seconds: the address names no shorter ones. */
function toSeconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000)) * 1000
}

/** What a range is called. */
export function rangeLabel(range: TimeRange): string {
  if (range.kind === 'preset') return range.label
  const [from, to] = [formatDateTime(range.fromMs), formatDateTime(range.toMs)]
  return `${from} – ${from.slice(0, 10) === to.slice(0, 10) ? to.slice(11) : to}`
}
