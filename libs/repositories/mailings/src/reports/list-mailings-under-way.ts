import type { Database } from '@runnel/repositories-database'
import { sql } from 'kysely'

/** Ids of mailings that run or are paused, or whose last messages are being settled; the newest first. */
export async function listMailingsUnderWay({ kysely }: Database, limit: number): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select id from mailing where settled_at is null and deleted_at is null and test_of is null and status in ('running', 'paused')
    order by id desc limit ${limit}`.execute(kysely)
  return rows.map(({ id }) => id)
}
