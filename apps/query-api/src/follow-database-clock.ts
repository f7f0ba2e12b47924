import { observeClock, type Logger, type Metrics } from '@runnel/observability'
import type { DatabaseClock } from '@runnel/repositories-database'
import { pause } from '@runnel/runtime'

export interface FollowClockOptions {
  readonly log: Logger
  readonly metrics: Metrics
  readonly clock: DatabaseClock
  readonly signal: AbortSignal
}

const READ_MS = 10_000

/**
 * Reads the database's clock again and again, so that "the last 24 hours" are the database's. While it is unreachable the clock
 * goes on by itself. Resolves when the signal aborts.
 */
export async function followDatabaseClock(options: FollowClockOptions): Promise<void> {
  const { log, metrics, clock, signal } = options
  const onMeasured = observeClock(log, metrics, clock)
  while (!signal.aborted) {
    try {
      await clock.synchronise()
      onMeasured()
    } catch (error) {
      // Reads report that by themselves.
      log.debug({ err: error }, "the database's clock could not be read")
    }
    await pause(READ_MS, signal)
  }
}
