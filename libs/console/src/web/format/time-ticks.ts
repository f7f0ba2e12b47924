import { zoneOffsetMs } from './zone.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Distances that people count in. */
const STEPS_MS = [
  ...[1, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 7, 14, 30, 90, 365].map((n) => n * DAY),
]

/**
 * Round times within a range, in the reader's zone.
 *
 * @param max how many there may be
 */
export function timeTicks(
  startMs: number,
  endMs: number,
  max: number,
): { stepMs: number; ticksMs: number[] } {
  const span = endMs - startMs
  const stepMs = STEPS_MS.find((step) => span / step <= max) ?? span
  if (!(span > 0)) return { stepMs, ticksMs: [] }
  const zoneMs = zoneOffsetMs(startMs)
  const firstMs = Math.ceil((startMs + zoneMs) / stepMs) * stepMs - zoneMs
  const count = Math.max(0, Math.floor((endMs - firstMs) / stepMs) + 1)
  return { stepMs, ticksMs: Array.from({ length: count }, (_, i) => firstMs + i * stepMs) }
}
