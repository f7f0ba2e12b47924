import type { Counts } from './result-window.ts'
import type { SendResult } from '../gateway/gateway.ts'

/** Parts of the full concurrency, step by step, before all of it. */
export const RAMP_SHARES = [0.01, 0.1] as const

/** A step lasts at least this long, and for this many results. */
const STEP_MS = 1000
const STEP_RESULTS = 10

/** Fewer results than this say nothing about a gateway. */
const LEAST_RESULTS = 10

/** While it ramps up, less is known, and less is forgiven. */
const LEAST_FAILURES_RAMPING = 3

/** The gateway works: it took the message, or had something against this one. */
export function isWorking({ outcome }: SendResult): boolean {
  return outcome === 'accepted' || outcome === 'rejected'
}

/** It works as well, but asks for less: 429 with Retry-After. @returns milliseconds of that, else undefined */
export function askedPauseMs({ httpStatus, retryAfterMs }: SendResult): number | undefined {
  return httpStatus === 429 ? retryAfterMs : undefined
}

/** Half of what was tried has failed. */
export function isFailing({ total, failed }: Counts, ramping: boolean): boolean {
  if (failed * 2 < total) return false
  return ramping ? failed >= LEAST_FAILURES_RAMPING : total >= LEAST_RESULTS
}

/**
 * @param elapsedMs since the step began
 * @param patienceMs after it, a step is over even where there is nothing to send: longer than an attempt takes
 */
export function mayStepUp({ total, failed }: Counts, elapsedMs: number, patienceMs: number): boolean {
  if (failed * 2 >= total && total > 0) return false
  return elapsedMs >= patienceMs || (elapsedMs >= STEP_MS && total >= STEP_RESULTS)
}
