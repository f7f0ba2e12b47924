import { purgeOldest, type Database, type Purged, type Retention } from '@runnel/repositories-database'
import { sql } from 'kysely'

/** What a row takes beside its texts, about. */
const ROW_BYTES = 100

/** Removes old texts of messages, and the oldest ones where they take too much room. The attempts stay, without a text. */
export function purgeSentTexts(
  database: Database,
  retention: Retention,
  signal: AbortSignal,
): Promise<Purged> {
  const size = sql<number>`pg_column_size(texts) + ${sql.lit(ROW_BYTES)}`
  return purgeOldest(database, { name: 'sent_text', time: sql<Date>`at`, size }, retention, signal)
}
