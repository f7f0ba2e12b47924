import type { Database } from '@runnel/repositories-database'
import { sql } from 'kysely'

/**
 * A person's word that the keys of this database are the right ones, after a backup was put back: replicas know later versions
 * of them and refuse to go back. All keys are given versions above every one before, and what replicas know besides is gone.
 *
 * @returns how many keys there are
 */
export function acceptRestoredKeys({ kysely }: Database): Promise<number> {
  return kysely.transaction().execute(async (trx) => {
    // Versions rise by one: milliseconds since 1970 are above all that were ever given.
    const { rows } = await sql<{ base: number }>`
      update access_state set version = greatest(version, extract(epoch from clock_timestamp()) * 1000)::bigint
      where name = 'keys' returning version as base`.execute(trx)
    const base = rows[0]?.base ?? 0
    const { numAffectedRows = 0n } = await sql`
      update api_key k set changed_in = ${base}::bigint + n.place
      from (select id, row_number() over (order by changed_in) as place from api_key) n where n.id = k.id`.execute(
      trx,
    )
    const keys = Number(numAffectedRows)
    await sql`
      update access_state set floor = ${base}::bigint + 1, version = ${base}::bigint + ${keys}::bigint + 1 where name = 'keys'`.execute(
      trx,
    )
    return keys
  })
}
