import { ms, type Database } from '@runnel/repositories-database'
import { sql } from 'kysely'
import { checkLogCounts } from './check-log-counts.ts'

/** How long after its end the last batches of a day may still be stored. */
const SETTLED = sql`interval '25 hours'`

export interface SweptCounts {
  /** The midnight of the day that was looked at, in milliseconds since 1970; undefined where none is left to look at. */
  readonly dayMs: number | undefined
  /** Its counts are those of its entries. */
  readonly agrees: boolean
}

/**
 * Compares the counts of one day with its entries: of the oldest that is over and was not compared before.
 *
 * @throws what the driver throws, also where that takes too long
 */
export async function sweepLogCounts(database: Database): Promise<SweptCounts> {
  const { rows } = await sql<{ day_ms: number }>`
    select ${ms('received_at')} as day_ms from log_counted_day
    where holds and checked_at is null and received_at < now() - ${SETTLED}
    order by received_at limit 1`.execute(database.kysely)
  const dayMs = rows[0]?.day_ms
  return { dayMs, agrees: dayMs === undefined || (await checkLogCounts(database, dayMs)) }
}
