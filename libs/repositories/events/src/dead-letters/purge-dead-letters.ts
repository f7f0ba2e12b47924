import { purgeOldest, type Database, type Purged, type Retention } from '@runnel/repositories-database'
import { sql } from 'kysely'

/** What a row takes beside its payload, about. */
const ROW_BYTES = 500

/** Removes dead letters that last failed too long ago, and the oldest ones where they take too much room. */
export function purgeDeadLetters(
  database: Database,
  retention: Retention,
  signal: AbortSignal,
): Promise<Purged> {
  const size = sql<number>`pg_column_size(payload) + octet_length(reason) + ${sql.lit(ROW_BYTES)}`
  const time = sql<Date>`last_failed_at`
  return purgeOldest(database, { name: 'dead_letter', time, size }, retention, signal)
}
