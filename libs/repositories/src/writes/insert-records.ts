import { sql, type Transaction } from 'kysely'
import type { Schema } from '../schema.ts'

/** Column names with their types in PostgreSQL. */
export type Columns<R> = { readonly [K in keyof R & string]: string }

/**
 * Inserts event rows in one statement, from one JSON text: a parameter per value would end at 65,535 of them. Rows that
 * are there already (the same id, delivered again) are left alone.
 *
 * @returns how many are new
 */
export async function insertRecords<R extends object>(
  trx: Transaction<Schema>,
  table: 'log' | 'metric' | 'product_event',
  columns: Columns<R>,
  records: readonly R[],
): Promise<number> {
  const names = sql.join(Object.keys(columns).map((name) => sql.id(name)))
  const typed = sql.join(
    Object.entries<string>(columns).map(([name, type]) => sql`${sql.id(name)} ${sql.raw(type)}`),
  )
  const { numAffectedRows } = await sql`
    insert into ${sql.id(table)} (${names})
    select ${names} from json_to_recordset(${JSON.stringify(records)}::json) as r(${typed})
    on conflict (id, received_at) do nothing`.execute(trx)
  return Number(numAffectedRows ?? 0)
}
