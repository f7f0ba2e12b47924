import { formatDateTime } from '../format/time.ts'

/** Ranges that end now. */
export const PRESETS = [
  { id: '15m', label: 'Last 15 minutes', ms: 15 * 60_000 },
  { id: '1h', label: 'Last hour', ms: 3_600_000 },
  { id: '24h', label: 'Last 24 hours', ms: 86_400_000 },
  { id: '7d', label: 'Last 7 days', ms: 7 * 86_400_000 },
] as const

const DEFAULT_PRESET = '24h'

/** A range as the address has it: `range=1h`, or `from` and `to`. */
export type TimeRange =
  | { readonly kind: 'preset'; readonly id: string; readonly label: string; readonly ms: number }
  | { readonly kind: 'fixed'; readonly fromMs: number; readonly toMs: number }

/** Reads the range of an address; in place of what is malformed stands the default. */
export function readRange(params: URLSearchParams, fallback: string = DEFAULT_PRESET): TimeRange {
  const [fromMs, toMs] = [Date.parse(params.get('from') ?? ''), Date.parse(params.get('to') ?? '')]
  if (fromMs < toMs) return { kind: 'fixed', fromMs, toMs }
  const id = params.get('range') ?? fallback
  const preset = PRESETS.find((one) => one.id === id) ?? PRESETS.find((one) => one.id === fallback)!
  return { kind: 'preset', ...preset }
}

/** Changes to the address that choose a preset. */
export function presetChanges(id: string) {
  return { range: id === DEFAULT_PRESET ? null : id, from: null, to: null, cursor: null }
}

/** Changes to the address that choose a stretch of time. The preset stays, for the way back. */
export function fixedChanges(fromMs: number, toMs: number) {
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

/** What a range is called. */
export function rangeLabel(range: TimeRange): string {
  if (range.kind === 'preset') return range.label
  const [from, to] = [formatDateTime(range.fromMs), formatDateTime(range.toMs)]
  return `${from} – ${from.slice(0, 10) === to.slice(0, 10) ? to.slice(11) : to}`
}
