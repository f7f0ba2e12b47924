import type { Database } from '../database.ts'
import { readDatabaseTimeMs } from './read-database-time-ms.ts'
import type { TimeState } from './time-state.ts'
import { readTimeState, updateTimeState } from './time-store.ts'

/**
 * A person says that the database's clock is right, and that what is due may go, however much it is.
 *
 * @returns false where nothing waits for that
 */
export async function confirmRetention(database: Database): Promise<boolean> {
  const before = await readTimeState(database)
  if (!before || !waits(before)) return false
  const nowMs = Math.round(await readDatabaseTimeMs(database))
  await updateTimeState(database, (row) => ({
    ...(row ?? before),
    ...{ suspension: null, shifts: [], lifted: true, knownMs: nowMs },
  }))
  return true
}

function waits({ suspension, shifts }: TimeState): boolean {
  return suspension !== null || shifts.length > 0
}
