import type { Database } from '@runnel/repositories-database'
import { sql } from 'kysely'

/** How many dead letters there are. */
export interface DeadLetterCounts {
  /** Kept at the moment, those that are being replayed included. */
  readonly kept: number
  /** Of these, those that first failed in the period. */
  readonly fresh: number
}

/**
 * What was replayed with success or deleted meanwhile is not among them.
 *
 * @param period in milliseconds since 1970; its end is not included
 */
export async function readDeadLetterCounts(
  { kysely }: Database,
  { fromMs, untilMs }: { readonly fromMs: number; readonly untilMs: number },
): Promise<DeadLetterCounts> {
  const { rows } = await sql<DeadLetterCounts>`
    select count(*)::float8 as kept, (count(*) filter (
      where first_failed_at >= ${new Date(fromMs)} and first_failed_at < ${new Date(untilMs)}
    ))::float8 as fresh from dead_letter`.execute(kysely)
  return rows[0]!
}

/** Events that were moved to the dead letters in the last time, and wait there. An index finds them. */
export async function countRecentDeadLetters({ kysely }: Database, withinMs: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::float8 as count from dead_letter
    where last_failed_at > clock_timestamp() - make_interval(secs => ${withinMs / 1000}::float8)
      and replayed_at is null`.execute(kysely)
  return rows[0]!.count
}
