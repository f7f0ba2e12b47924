const HOUR_MS = 3_600_000

/** How busy the shop is at an hour of the day, from 0 to 1: little at night, most in the evening. */
export function busyness(timeMs: number): number {
  const hour = (timeMs % (24 * HOUR_MS)) / HOUR_MS
  return 0.12 + 0.88 * Math.max(0, Math.sin(((hour - 5) / 19) * Math.PI)) ** 1.5
}

/** The half hour of every day in which the payment provider had trouble. */
export function isTrouble(timeMs: number): boolean {
  const hour = (timeMs % (24 * HOUR_MS)) / HOUR_MS
  return hour >= 14.2 && hour < 14.7
}
