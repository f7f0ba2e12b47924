import { sql } from 'kysely'
import type { Database } from '../database.ts'

/** A place in the log of the primary that is behind everything that was acknowledged before, as {@link parseWalPosition} reads it. */
export async function readWalPosition({ kysely }: Database): Promise<string> {
  const { rows } = await sql<{ position: string }>`
    select pg_current_wal_flush_lsn()::text as position
  `.execute(kysely)
  return rows[0]!.position
}
