import { LAST_TIME_MS, type MailingStatus } from '@runnel/contracts'

/** Full minutes that a rate is taken over. */
export const RATE_MINUTES = 5

const MINUTE_MS = 60_000

/** Of a mailing that has just started, a shorter time says nothing. */
const MIN_SPAN_MS = 10_000

/**
 * Messages per second in the last full minutes, or in those since the start.
 *
 * @param sent in these minutes
 * @returns null where the mailing has not been running for long enough
 */
export function rateOf(sent: number, startedAtMs: number | null, nowMs: number): number | null {
  if (startedAtMs === null) return null
  const untilMs = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS
  const spanMs = untilMs - Math.max(untilMs - RATE_MINUTES * MINUTE_MS, startedAtMs)
  return spanMs < MIN_SPAN_MS ? null : (sent / spanMs) * 1000
}

export interface Progress {
  readonly status: MailingStatus
  /** Whether every message is there already. */
  readonly materialised: boolean
  /** Messages that are still to be sent. */
  readonly remaining: number
  readonly ratePerSecond: number | null
}

/**
 * When the last message is sent, if it goes on like this; windows are not considered.
 *
 * @returns milliseconds since 1970; null where it cannot be estimated
 */
export function estimateFinishMs(progress: Progress, nowMs: number): number | null {
  const { status, materialised, remaining, ratePerSecond } = progress
  if (status !== 'running' || !materialised || remaining <= 0 || !ratePerSecond) return null
  const finishMs = Math.ceil(nowMs + (remaining / ratePerSecond) * 1000)
  return finishMs <= LAST_TIME_MS ? finishMs : null
}
