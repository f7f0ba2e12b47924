import type { Database } from '@runnel/repositories-database'
import { sql } from 'kysely'
import { countLogValues } from '../reads/count-log-values.ts'
import type { LogFilter } from '../reads/log-reads.ts'
import { rankLogValues, type LogValueCounts } from '../reads/rank-log-values.ts'
import { readCountedMinutes, type ClosedRange } from './read-counted-minutes.ts'

/**
 * How often which level or service occurs, from the counts of minutes; entries in parts of minutes are counted apart.
 *
 * @returns undefined where there are no such counts
 * @throws AppError query_too_slow
 */
export async function readLogValueCounts(
  database: Database,
  filter: LogFilter & ClosedRange,
  field: 'level' | 'service',
): Promise<LogValueCounts[] | undefined> {
  return readCountedMinutes(database, filter, async ({ trx, counts, edges, entries }) => {
    const isUnknown = field === 'service' ? sql`is_other_service` : sql`false`
    const value = sql`case when ${isUnknown} then '{}' else to_jsonb(${sql.ref(field)}) end`
    const grouped = sql`select ${value} as value, sum(entries) as count from ${counts} counted group by 1`
    const parts = [await rankLogValues(trx, grouped)]
    for (const range of edges) parts.push(await countLogValues(entries, { ...filter, ...range }, [field]))
    return parts
  })
}
