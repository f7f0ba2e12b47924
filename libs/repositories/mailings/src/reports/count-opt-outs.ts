import type { Database } from '@runnel/repositories-database'
import { sql } from 'kysely'
import type { Period } from './list-handled-mailings.ts'

/**
 * Phones and addresses that opted out in a period and still have: as the suppression list says, which outlives clients, or as a version before it
 * has noted with the client alone.
 */
export async function countOptOuts({ kysely }: Database, { fromMs, untilMs }: Period): Promise<number> {
  const within = sql`opted_out_at >= ${new Date(fromMs)} and opted_out_at < ${new Date(untilMs)}`
  const { rows } = await sql<{ count: number }>`
    select count(*)::float8 + (select count(*) from suppressed_address where ${within})::float8 as count from (
      select phone from suppression where ${within} union select phone from client where ${within}
    ) phones`.execute(kysely)
  return rows[0]!.count
}
