import type { Database } from '@runnel/repositories-database'
import { sql } from 'kysely'
import { clientConditions, type ClientFilter } from './client-filter.ts'

/** Names of the attributes that most clients of a filter have as text, in their order. */
export async function listAttributeNames(
  { kysely }: Database,
  filter: ClientFilter,
  limit: number,
): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select a.key as name from client c, jsonb_each(c.attributes) a
    where ${clientConditions(filter)} and jsonb_typeof(a.value) = 'string'
    group by a.key order by count(*) desc, a.key limit ${limit}`.execute(kysely)
  return rows.map(({ name }) => name).sort()
}
