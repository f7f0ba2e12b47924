import type { Database } from '@runnel/repositories-database'
import { sql } from 'kysely'

/**
 * Writes down when keys were last used. Replicas write in any order: the latest use stays.
 *
 * @param uses milliseconds since 1970 by key; a key that is not there is left out
 */
export async function noteUses({ kysely }: Database, uses: ReadonlyMap<string, number>): Promise<void> {
  if (uses.size === 0) return
  // In the order of ids, so that two replicas never wait for each other.
  const inOrder = [...uses].sort(([a], [b]) => (a < b ? -1 : 1))
  await sql`
    insert into api_key_use (key_id, used_at)
    select u.id, to_timestamp(u.at / 1000) from unnest(${inOrder.map(([id]) => id)}::text[],
      ${inOrder.map(([, atMs]) => atMs)}::float8[]) as u (id, at)
    where exists (select from api_key k where k.id = u.id)
    on conflict (key_id) do update set used_at = excluded.used_at where api_key_use.used_at < excluded.used_at`.execute(
    kysely,
  )
}
