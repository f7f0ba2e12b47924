import { ms, type Database } from '@runnel/repositories-database'
import { sql } from 'kysely'
import { countLogs, type LogCount } from '../reads/count-logs.ts'
import { stepOf } from '../reads/event-filter.ts'
import type { LogFilter } from '../reads/log-reads.ts'
import { readCountedMinutes, type ClosedRange } from './read-counted-minutes.ts'

const MINUTE_MS = 60_000

/**
 * Counts by level and time step from the counts of minutes, exactly those that {@link countLogs} would find.
 *
 * @returns undefined where there are no such counts, and for steps that are no full minutes
 * @throws AppError query_too_slow
 */
export async function readLogCounts(
  database: Database,
  filter: LogFilter & ClosedRange,
  stepMs: number,
): Promise<LogCount[] | undefined> {
  if (stepMs % MINUTE_MS !== 0) return undefined
  return readCountedMinutes(database, filter, async ({ trx, counts, edges, entries }) => {
    const { rows } = await sql<{ at_ms: number; level: string | null; count: number }>`
      select ${ms('at')} as at_ms, level, sum(entries)::float8 as count
      from (select ${stepOf(stepMs, 'minute')} as at, level, entries from ${counts} counted) stepped
      group by at, level`.execute(trx)
    const found = rows.map(({ at_ms, level, count }) => ({ atMs: at_ms, level, other: false, count }))
    for (const range of edges) found.push(...(await countLogs(entries, { ...filter, ...range }, stepMs)))
    return found
  })
}
