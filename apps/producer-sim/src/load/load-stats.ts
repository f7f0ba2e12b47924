import type { Kind } from '@runnel/contracts'
import { build, type Histogram } from 'hdr-histogram-js'

/** What a load run counts as it goes. Everything but requests and latencies is in events. */
export interface LoadStats {
  requests: number
  sent: number
  acknowledged: number
  acknowledgedByKind: Partial<Record<Kind, number>>
  rejected: number
  /** Sent, and the last answer was not a 2xx: stored or not is unknown. */
  unacknowledged: number
  /** Tries beyond the first of a request. */
  retries: number
  /** Requests by the last answer: a status, or why there was none. */
  readonly answers: Map<string, number>
  /** Microseconds from the scheduled time to the 2xx. */
  readonly latency: Histogram
}

const HOUR_US = 3_600_000_000

export function createLoadStats(): LoadStats {
  return {
    requests: 0,
    sent: 0,
    acknowledged: 0,
    acknowledgedByKind: {},
    rejected: 0,
    unacknowledged: 0,
    retries: 0,
    answers: new Map(),
    latency: build({
      lowestDiscernibleValue: 1,
      highestTrackableValue: HOUR_US,
      numberOfSignificantValueDigits: 3,
    }),
  }
}

/** @param ms since the time the request was scheduled for */
export function recordLatency(stats: LoadStats, ms: number): void {
  stats.latency.recordValue(Math.min(HOUR_US, Math.max(1, Math.round(ms * 1000))))
}

export function countAnswer(stats: LoadStats, answer: string): void {
  stats.answers.set(answer, (stats.answers.get(answer) ?? 0) + 1)
}
