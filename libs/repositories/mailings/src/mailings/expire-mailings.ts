import { sql } from 'kysely'
import type { Database } from '@runnel/repositories-database'

/**
 * Ends every mailing that should have been started or was running, and whose end has come. What it left open is settled
 * by `settleBlock`. A draft stays one.
 *
 * @param nowMs milliseconds since 1970
 * @returns ids of those that were ended here
 */
export async function expireMailings({ kysely }: Database, nowMs: number): Promise<number[]> {
  const now = new Date(nowMs)
  const { rows } = await sql<{ id: number }>`
    update mailing set status = 'expired', finished_at = ${now}, updated_at = ${now},
      settled_at = case when started_at is null then ${now}::timestamptz end
    where settled_at is null and status in ('scheduled', 'running', 'paused') and ends_at <= ${now}
      and deleted_at is null
    returning id`.execute(kysely)
  return rows.map(({ id }) => id)
}
