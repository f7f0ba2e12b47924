import type { FieldPath } from '@runnel/contracts/log-query'
import { requireScannable, type Database } from '@runnel/repositories-database'
import { sql } from 'kysely'
import { inRange } from './event-filter.ts'
import { fieldSql } from './log-query/field-sql.ts'
import { type LogFilter, matches } from './log-reads.ts'
import { rankLogValues, type LogValueCounts } from './rank-log-values.ts'

/** Larger values, lists among them, are not told apart: of each, grouping keeps one in memory. */
const MAX_VALUE_BYTES = 1040

/**
 * Counts the values of a field in the entries that match. They are grouped before they become texts and lists are taken apart.
 *
 * @throws AppError query_too_slow
 */
export async function countLogValues(
  database: Pick<Database, 'kysely' | 'maxScanRows'>,
  filter: LogFilter,
  field: FieldPath,
): Promise<LogValueCounts> {
  await requireScannable(database, 'log', inRange(filter))
  // Without the offset, the field would be looked up once for each time that it is named.
  return rankLogValues(
    database.kysely,
    sql`select case when jsonb_typeof(value) = 'object' or pg_column_size(value) > ${MAX_VALUE_BYTES} then '{}'
        else value end as value, count(*) as count
      from (select ${fieldSql(field)} as value from log where ${matches(filter)} offset 0) entry group by 1`,
  )
}
