import type { Counts } from './result-window.ts'
import type { SendResult } from '../gateway/gateway.ts'

/** Shares of the full concurrency, step by step, before all of it. */
export const RAMP_SHARES = [0.01, 0.1] as const

/** A step lasts for at least this time and this many results. */
const STEP_MS = 1000
const STEP_RESULTS = 10

/** Fewer results than this do not prove that a gateway fails. */
const LEAST_RESULTS = 10

/** While it ramps up, this many failures suffice. */
const LEAST_FAILURES_RAMPING = 3

/** The gateway works: it accepted the message, or rejected this one message. */
export function isWorking({ outcome }: SendResult): boolean {
  return outcome === 'accepted' || outcome === 'rejected'
}

/** A gateway that answers 429 with Retry-After works, but asks for a pause. @returns its milliseconds, else undefined */
export function requestedPauseMs({ httpStatus, retryAfterMs }: SendResult): number | undefined {
  return httpStatus === 429 ? retryAfterMs : undefined
}

/** Whether at least half of the attempts have failed, and enough of them. */
export function isFailing({ total, failed }: Counts, ramping: boolean): boolean {
  if (failed * 2 < total) return false
  return ramping ? failed >= LEAST_FAILURES_RAMPING : total >= LEAST_RESULTS
}

/**
 * @param elapsedMs since the step began
 * @param patienceMs after this time a step ends even where there is nothing to send: longer than an attempt takes
 */
export function mayStepUp({ total, failed }: Counts, elapsedMs: number, patienceMs: number): boolean {
  if (failed * 2 >= total && total > 0) return false
  return elapsedMs >= patienceMs || (elapsedMs >= STEP_MS && total >= STEP_RESULTS)
}
