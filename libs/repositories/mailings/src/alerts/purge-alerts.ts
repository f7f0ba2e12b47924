import { purgeOldest, type Database, type Purged, type Retention } from '@runnel/repositories-database'
import { sql } from 'kysely'

/** What a row takes beside its facts, about. */
const ROW_BYTES = 100

/** Removes alerts that were resolved long ago, and the oldest ones where they take too much room. */
export function purgeAlerts(database: Database, retention: Retention, signal: AbortSignal): Promise<Purged> {
  const size = sql<number>`pg_column_size(facts) + ${sql.lit(ROW_BYTES)}`
  return purgeOldest(database, { name: 'alert', time: sql<Date>`resolved_at`, size }, retention, signal)
}
