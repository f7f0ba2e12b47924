import { inSlices } from '@runnel/runtime'
import { CompiledQuery, sql, type Transaction } from 'kysely'
import type { EVENT_TABLES, Schema } from '@runnel/repositories-database'
import type { Kind } from '@runnel/contracts'
import { toCopyText, type Columns } from './to-copy-text.ts'
import { toJsonArray } from './to-json-array.ts'

/** A table of events, and how its rows are written. */
export interface EventTable<Row, R extends object> {
  readonly name: (typeof EVENT_TABLES)[Kind]
  readonly columns: Columns<R>
  readonly toRecord: (row: Row) => R
}

/**
 * How rows are written. `copy`: as fast as PostgreSQL takes them, and fails where a row is there already. `insert`: rows
 * that are there already are left alone.
 */
export type WriteMode = 'copy' | 'insert'

/** The ids of rows that this transaction inserted, of the rows that it was given. */
export type NewIds = Pick<ReadonlySet<string>, 'size' | 'has'>

/**
 * Writes event rows in one statement.
 *
 * Measured into the partitioned metric table with its indexes, CPU of PostgreSQL + Node for 100k rows in batches of 5,000:
 * COPY 420 + 270 ms; COPY to a temporary table, then INSERT ON CONFLICT 620 + 285; unnest of arrays 820 + 275;
 * json_to_recordset 1,110 + 200. A repetition is rare, so that the fast way comes first and the simple one behind it.
 *
 * @returns which rows are new
 * @throws in mode `copy`, unique_violation where one is not
 */
export async function insertRecords<Row, R extends object>(
  trx: Transaction<Schema>,
  { name: table, columns, toRecord }: EventTable<Row, R>,
  rows: readonly Row[],
  mode: WriteMode,
): Promise<NewIds> {
  const names = Object.keys(columns)
  if (mode === 'copy') {
    const statement = `copy ${table} (${names.join(', ')}) from stdin`
    await trx.executeQuery(
      CompiledQuery.raw(statement, [await inSlices(toCopyText(columns, rows, toRecord))]),
    )
    return { size: rows.length, has: () => true }
  }
  const ids = sql.join(names.map((name) => sql.id(name)))
  const typed = sql.join(
    Object.entries<string>(columns).map(([name, type]) => sql`${sql.id(name)} ${sql.raw(type)}`),
  )
  const { rows: inserted } = await sql<{ id: string }>`
    insert into ${sql.id(table)} (${ids})
    select ${ids} from json_to_recordset(${await inSlices(toJsonArray(rows.map(toRecord)))}::json) as r(${typed})
    on conflict (id, received_at) do nothing
    returning id`.execute(trx)
  return new Set(inserted.map(({ id }) => id))
}
