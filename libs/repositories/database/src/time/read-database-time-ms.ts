import { sql } from 'kysely'
import type { Database } from '../database.ts'

/** @returns the database's clock at this moment, in milliseconds since 1970 */
export async function readDatabaseTimeMs({ kysely }: Database): Promise<number> {
  const { rows } = await sql<{ now_ms: number }>`
    select (extract(epoch from clock_timestamp()) * 1000)::float8 as now_ms`.execute(kysely)
  return rows[0]!.now_ms
}
