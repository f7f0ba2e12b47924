import type { Database } from '@runnel/repositories-database'
import { sql } from 'kysely'
import type { Period } from './list-handled-mailings.ts'

/** Clients who opted out in a period and have not opted in again since. */
export async function countOptOuts({ kysely }: Database, { fromMs, untilMs }: Period): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::float8 as count from client
    where opted_out_at >= ${new Date(fromMs)} and opted_out_at < ${new Date(untilMs)}`.execute(kysely)
  return rows[0]!.count
}
