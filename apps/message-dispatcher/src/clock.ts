import { type Database, readDatabaseTimeMs } from '@runnel/repositories-database'

/** The time by which mailings start, end and keep their windows. */
export interface Clock {
  /** Milliseconds since 1970. */
  nowMs(): number
  /** Reads the time from its source again. @throws what the driver throws */
  synchronise?(): Promise<void>
}

export type DatabaseClock = Required<Clock>

/** An answer that took longer is too imprecise to set the clock by. */
const MAX_ROUND_TRIP_MS = 500

/**
 * The database's time, carried on by this process's monotonic clock: replicas whose system clocks differ agree on when a
 * window closes. Before the first answer it is this process's own time. It is off by less than half of a round trip.
 */
export function createDatabaseClock(database: Database): DatabaseClock {
  let aheadMs = Date.now() - performance.now()
  let synchronised = false
  return {
    nowMs: () => aheadMs + performance.now(),
    async synchronise() {
      const requestedMs = performance.now()
      const databaseMs = await readDatabaseTimeMs(database)
      const answeredMs = performance.now()
      if (synchronised && answeredMs - requestedMs > MAX_ROUND_TRIP_MS) return
      synchronised = true
      aheadMs = databaseMs - (requestedMs + answeredMs) / 2
    },
  }
}
