import { sql } from 'kysely'
import type { Database } from '@runnel/repositories-database'

/** Keys removed in one statement, so that it stays short. */
const BLOCK = 10_000

/**
 * Forgets idempotency keys that are older than promised.
 *
 * @param beforeMs of their insertion, by the database's clock, in milliseconds since 1970
 * @returns how many were removed
 */
export async function purgeKeys(
  { kysely }: Database,
  beforeMs: number,
  signal: AbortSignal,
): Promise<number> {
  let removed = 0
  while (!signal.aborted) {
    const { numAffectedRows } = await sql`
      delete from event_key where ctid = any(array(
        select ctid from event_key where inserted_at < ${new Date(beforeMs)} limit ${BLOCK}
      ))`.execute(kysely)
    removed += Number(numAffectedRows ?? 0)
    if (Number(numAffectedRows ?? 0) < BLOCK) break
  }
  return removed
}
