import type { Database } from '@runnel/repositories-database'
import { sql } from 'kysely'
import { timestamp } from '../writes/store-events.ts'

const DAY_MS = 86_400_000

/**
 * Compares the counts of a day with its entries, in one snapshot. Where they differ, the counts do not hold any more: what is asked is read from
 * the entries then.
 *
 * @param dayMs its midnight
 * @returns whether they agree, or did not hold before
 */
export async function checkLogCounts({ kysely }: Database, dayMs: number): Promise<boolean> {
  const day = sql`${timestamp(dayMs)}::timestamptz`
  const { rows } = await sql<{ holds: boolean }>`
    update log_counted_day set checked_at = clock_timestamp(), holds = (
      select count(*) from log
      where received_at >= ${day} and received_at < ${timestamp(dayMs + DAY_MS)}::timestamptz
    ) = (
      select coalesce(sum(entries), 0) from (
        select entries from log_minute where received_at = ${day}
        union all select entries from log_minute_delta where received_at = ${day}
      ) counted
    )
    where received_at = ${day} and holds returning holds`.execute(kysely)
  return rows[0]?.holds ?? true
}
