import { sql } from 'kysely'
import type { Database } from '@runnel/repositories-database'

/** Rows removed in one statement, so that it stays short. */
const BLOCK = 10_000

/**
 * Forgets counts by the minute, from which the present rate and the edges of reported days are computed. Those by the hour stay.
 *
 * @param beforeMs of older minutes, milliseconds since 1970
 * @returns how many were removed
 */
export async function purgeMinuteTallies(
  { kysely }: Database,
  beforeMs: number,
  signal: AbortSignal,
): Promise<number> {
  let removed = 0
  while (!signal.aborted) {
    const { numAffectedRows } = await sql`
      delete from mailing_tally where ctid = any(array(
        select ctid from mailing_tally where unit = 'minute' and at < ${new Date(beforeMs)} limit ${BLOCK}
      ))`.execute(kysely)
    removed += Number(numAffectedRows ?? 0)
    if (Number(numAffectedRows ?? 0) < BLOCK) break
  }
  return removed
}
