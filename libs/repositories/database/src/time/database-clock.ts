import { ReferenceClock, SYSTEM_CLOCKS, type ClockSources } from '@runnel/runtime'
import type { Database } from '../database.ts'
import { readDatabaseTimeMs } from './read-database-time-ms.ts'

/** The database's time, as this process knows it. */
export interface DatabaseClock {
  /** Milliseconds since 1970. */
  nowMs(): number
  /** By how much this process's wall clock is ahead of it, in milliseconds; undefined before the first answer. */
  offsetMs(): number | undefined
  /** Reads the time from the database again. @throws what the driver throws */
  synchronise(): Promise<void>
}

/** An answer that took longer is too imprecise, unless it proves the clock wrong. */
const MAX_ROUND_TRIP_MS = 500

/**
 * The database's time, carried on by this process's monotonic clock: replicas whose system clocks differ agree on when a
 * window closes. Before the first answer it is this process's own time. It is off by less than half of a round trip.
 */
export function createDatabaseClock(
  database: Database,
  sources: ClockSources = SYSTEM_CLOCKS,
): DatabaseClock {
  const clock = new ReferenceClock(sources)
  return {
    nowMs: clock.nowMs,
    offsetMs: clock.offsetMs,
    async synchronise() {
      const requestedMs = sources.monotonicMs()
      const databaseMs = await readDatabaseTimeMs(database)
      const answeredMs = sources.monotonicMs()
      const roundTripMs = answeredMs - requestedMs
      // The database's time at the answer lies between these two. A machine that slept, and whose monotonic clock stood
      // still meanwhile, is found out by a slow answer too.
      const [earliestMs, latestMs] = [databaseMs, databaseMs + roundTripMs]
      const nowMs = clock.nowMs() - (sources.monotonicMs() - answeredMs)
      const possible = earliestMs <= nowMs && nowMs <= latestMs
      if (clock.known && possible && roundTripMs > MAX_ROUND_TRIP_MS) return
      clock.set(databaseMs, (requestedMs + answeredMs) / 2)
    },
  }
}
