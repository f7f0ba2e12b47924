import { AppError } from '@runnel/contracts'
import { sql, type RawBuilder } from 'kysely'
import type { Database } from './database.ts'
import type { Schema } from './schema.ts'

const RETRY_AFTER_MS = 5000

/**
 * Where no statement timeout ends a query, the rows that it would look at are counted first, no further than the limit.
 *
 * @param where conditions that an index serves
 * @throws AppError query_too_slow
 */
export async function requireScannable(
  { kysely, maxScanRows }: Pick<Database, 'kysely' | 'maxScanRows'>,
  table: keyof Schema,
  where: RawBuilder<boolean>,
): Promise<void> {
  if (maxScanRows === undefined) return
  const { rows } = await sql<{ found: number }>`
    select count(*) as found from (
      select from ${sql.table(table)} where ${where} limit ${maxScanRows + 1}
    ) looked_at`.execute(kysely)
  requireFew(rows[0]!.found, maxScanRows)
}

/** @throws AppError query_too_slow where a query would look at more rows than it may */
export function requireFew(rows: number, maxScanRows: number): void {
  if (rows <= maxScanRows) return
  throw new AppError(
    'query_too_slow',
    `The query would look at more than ${maxScanRows} rows: narrow its range`,
    { retryAfterMs: RETRY_AFTER_MS },
  )
}
