import type { Database } from '../database.ts'
import { timeBefore } from './plan-removal.ts'
import { readDatabaseTimeMs } from './read-database-time-ms.ts'
import { DAY_MS } from './time-state.ts'
import { readTimeState } from './time-store.ts'

/**
 * For tables without partitions: since when rows are kept, as far as the database's clock is to be believed. It counts for no
 * more than a day beyond the time that consumers have seen pass.
 *
 * @returns milliseconds since 1970; undefined while nothing may be removed
 */
export async function readKeptFromMs(database: Database, days: number): Promise<number | undefined> {
  const [nowMs, state] = [await readDatabaseTimeMs(database), await readTimeState(database)]
  if (!state) return nowMs - days * DAY_MS
  if (state.suspension !== null) return undefined
  return timeBefore(Math.min(nowMs, state.knownMs + DAY_MS), days * DAY_MS, state.shifts)
}
