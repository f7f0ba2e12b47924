import { MESSAGE_STATUSES, type MailingStats } from '../../api/mailings.ts'
import type { Bucket } from '../../parts/histogram-types.ts'

const HOUR_MS = 3_600_000
/** A chart with fewer looks as if something were missing. */
const LEAST_BARS = 24
/** More than these cannot be told apart. */
const MAX_BARS = 240

/** Lengths of a bar, in hours. */
const STEPS = [1, 3, 6, 12, 24, 48, 168] as const

/** What is done with messages, by hour; by several hours where it took weeks. Hours without any are there as well. */
export function toHours(byHour: MailingStats['byHour']): Bucket[] {
  const items = byHour.items.map((item) => ({ ...item, atMs: Date.parse(item.at) }))
  const [first, last] = [items[0], items.at(-1)]
  if (!first || !last) return []
  const hours = (last.atMs - first.atMs) / HOUR_MS + 1
  const stepMs = (STEPS.find((step) => hours / step <= MAX_BARS) ?? STEPS.at(-1)!) * HOUR_MS
  const count = Math.max(LEAST_BARS, Math.ceil((hours * HOUR_MS) / stepMs))
  const bars = Array.from({ length: count }, (_, i) => emptyBar(first.atMs + i * stepMs, stepMs))
  for (const { atMs, total, counts } of items) {
    const bar = bars[Math.floor((atMs - first.atMs) / stepMs)]
    if (!bar) continue
    bar.total += total
    for (const status of MESSAGE_STATUSES) bar.counts[status] = (bar.counts[status] ?? 0) + counts[status]
  }
  return bars
}

function emptyBar(atMs: number, stepMs: number) {
  const counts: Record<string, number> = {}
  return { atMs, endMs: atMs + stepMs, total: 0, counts }
}
