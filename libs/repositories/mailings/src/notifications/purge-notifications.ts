import { purgeOldest, type Database, type Purged, type Retention } from '@runnel/repositories-database'
import { sql } from 'kysely'

/** What a row takes beside its texts, about. */
const ROW_BYTES = 150

/**
 * Removes old notifications that are not waiting any more, and the oldest ones where they take too much room. Reports
 * stay: there is one a day.
 */
export function purgeNotifications(
  database: Database,
  retention: Retention,
  signal: AbortSignal,
): Promise<Purged> {
  const size = sql<number>`pg_column_size(content) + octet_length(key) + octet_length(target) + ${sql.lit(ROW_BYTES)}`
  return purgeOldest(
    database,
    { name: 'notification', time: sql<Date>`finished_at`, size },
    retention,
    signal,
  )
}
