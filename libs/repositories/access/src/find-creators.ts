import { sql } from 'kysely'
import type { Database } from '@runnel/repositories-database'

/** More than there are keys. */
const MAX_STEPS = 100_000

/**
 * Who made a key: as the audit log names them, and where that is a key itself, who made that one, up to the first.
 *
 * @returns nearest first; empty where the key is not known
 */
export async function findCreators({ kysely }: Database, keyId: string): Promise<string[]> {
  const { rows } = await sql<{ created_by: string }>`
    with recursive chain as (
      select created_by, 1 as step from api_key where id = ${keyId}
      union all
      select k.created_by, chain.step + 1
      from chain join api_key k on k.id = substring(chain.created_by from ' \\(key (\\w+)\\)$')
      where chain.step < ${MAX_STEPS}
    )
    select created_by from chain order by step`.execute(kysely)
  return rows.map(({ created_by }) => created_by)
}
