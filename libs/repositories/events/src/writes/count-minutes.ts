import { dayOf } from '@runnel/repositories-database'
import { durationBucket, emptyDurations } from '../duration-buckets.ts'
import { timestamp } from './store-events.ts'

const MINUTE_MS = 60_000

/** One thing that took a while: a span, or a call. */
export interface Timed {
  /** When it was received, and when it began, in milliseconds since 1970. */
  readonly receivedAtMs: number
  readonly startedAtMs: number
  readonly durationNs: number
  readonly isError: boolean
}

/** What is counted of a minute; columns as in operation_minute and edge_minute. */
export interface MinuteCounts {
  readonly received_at: string
  readonly minute: string
  count: number
  errors: number
  duration_ns: number
  readonly durations: number[]
}

/**
 * Counts by minute and name.
 *
 * @param nameOf what is counted apart; a few texts
 */
export function countMinutes<T extends Timed, N extends object>(
  items: Iterable<T>,
  nameOf: (item: T) => N,
): (MinuteCounts & N)[] {
  const counts = new Map<string, MinuteCounts & N>()
  for (const item of items) {
    const name = nameOf(item)
    const day = dayOf(item.receivedAtMs)
    const minute = minuteOf(item.startedAtMs)
    const key = [day, minute, ...Object.values(name)].join('\0')
    let one = counts.get(key)
    if (one === undefined) {
      one = {
        ...name,
        received_at: timestamp(day),
        minute: timestamp(minute),
        ...{ count: 0, errors: 0, duration_ns: 0, durations: emptyDurations() },
      }
      counts.set(key, one)
    }
    one.count++
    if (item.isError) one.errors++
    one.duration_ns += item.durationNs
    one.durations[durationBucket(item.durationNs)]!++
  }
  return [...counts.values()]
}

/** @returns the start of the minute that a time lies in, in milliseconds since 1970 */
export function minuteOf(timeMs: number): number {
  return Math.floor(timeMs / MINUTE_MS) * MINUTE_MS
}
