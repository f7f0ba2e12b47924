import type { Kind } from '@runnel/contracts'
import { EVENT_TABLES, type Database, requireFew } from '@runnel/repositories-database'
import { sql } from 'kysely'
import { firstIdAt } from './first-id-at.ts'

/**
 * Events of a kind that were received in a period, and are stored. Ids begin with their time and are indexed, so that no row is
 * read.
 *
 * @param fromMs milliseconds since 1970
 * @param untilMs milliseconds since 1970; that moment is not included
 * @throws AppError query_too_slow, or what the driver throws when its time is over
 */
export async function countStoredEvents(
  { kysely, maxScanRows }: Database,
  kind: Kind,
  { fromMs, untilMs }: { readonly fromMs: number; readonly untilMs: number },
): Promise<number> {
  const bound = maxScanRows === undefined ? sql`` : sql`limit ${maxScanRows + 1}`
  const { rows } = await sql<{ count: number }>`
    select count(*)::float8 as count from (
      select from ${sql.table(EVENT_TABLES[kind])}
      where received_at >= ${new Date(fromMs)} and received_at < ${new Date(untilMs)}
        and id >= ${firstIdAt(fromMs)}::uuid and id < ${firstIdAt(untilMs)}::uuid ${bound}
    ) stored`.execute(kysely)
  if (maxScanRows !== undefined) requireFew(rows[0]!.count, maxScanRows)
  return rows[0]!.count
}
