import { purgeOldest, type Database, type Purged, type Retention } from '@runnel/repositories-database'
import { sql } from 'kysely'

/** What a row takes beside its texts, about. */
const ROW_BYTES = 100

/** Removes old entries of the audit log, and the oldest ones where they take too much room. */
export function purgeAuditLog(
  database: Database,
  retention: Retention,
  signal: AbortSignal,
): Promise<Purged> {
  const size = sql<number>`pg_column_size(detail) + octet_length(actor) + octet_length(action) + ${sql.lit(ROW_BYTES)}`
  return purgeOldest(database, { name: 'audit_log', time: sql<Date>`at`, size }, retention, signal)
}
