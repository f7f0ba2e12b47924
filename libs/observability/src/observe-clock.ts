import type { Logger } from './logger.ts'
import { gauge, type Metrics } from './metrics.ts'

/** A wall clock that is off by more is reported. */
const REPORTED_MS = 2000

export interface ClockOffset {
  /** By how much this process's wall clock is ahead of the database's, in milliseconds; undefined while that is not known. */
  offsetMs(): number | undefined
}

/**
 * Exposes the offset of this process's wall clock, and logs it where it grows too large and where that ends. What depends on
 * time is corrected by it: a warning, no failure.
 *
 * @returns a function to be called after each measurement
 */
export function observeClock(log: Logger, metrics: Metrics, clock: ClockOffset): () => void {
  gauge(
    metrics,
    'runnel_clock_offset_seconds',
    "Seconds by which this process's wall clock is ahead of the database's; negative: behind",
    [],
    (shown) => {
      const offsetMs = clock.offsetMs()
      if (offsetMs === undefined) shown.remove()
      else shown.set(offsetMs / 1000)
    },
  )
  let off: boolean | undefined
  return () => {
    const offsetMs = clock.offsetMs()
    if (offsetMs === undefined) return
    const isOff = Math.abs(offsetMs) > REPORTED_MS
    if (isOff === off) return
    const fields = { offsetMs: Math.round(offsetMs) }
    if (isOff)
      log.warn(fields, "this machine's clock differs from the database's; ids and times are corrected by it")
    else log.info(fields, "this machine's clock agrees with the database's")
    off = isOff
  }
}
