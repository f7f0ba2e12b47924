import { observeClock, type Logger, type Metrics } from '@runnel/observability'
import { pause } from '@runnel/runtime'
import type { Clock } from './clock.ts'

export interface ObservedClockOptions {
  readonly log: Logger
  readonly metrics: Metrics
  readonly clock: Clock
}

/** A clock whose difference from this machine's is exposed and logged, where it has one. */
export function observedClock({ log, metrics, clock }: ObservedClockOptions): Clock {
  const { synchronise, offsetMs } = clock
  if (!synchronise || !offsetMs) return clock
  const onMeasured = observeClock(log, metrics, { offsetMs: () => offsetMs.call(clock) })
  return {
    nowMs: () => clock.nowMs(),
    offsetMs: () => offsetMs.call(clock),
    async synchronise() {
      await synchronise.call(clock)
      onMeasured()
    },
  }
}

const RETRY_MS = 500

/** Waits for the time's source: no mailing starts, and no window opens, by a clock that may be wrong. */
export async function readFirstTime(log: Logger, clock: Clock, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await clock.synchronise?.()
      return
    } catch (error) {
      log.warn({ err: error }, "the database's clock could not be read; nothing is sent until it is")
    }
    await pause(RETRY_MS, signal)
  }
}

/** @throws while the time's source has not answered yet */
export function requireTime(clock: Clock): void {
  if (clock.offsetMs && clock.offsetMs() === undefined) {
    throw new Error("the database's clock has not been read yet")
  }
}
