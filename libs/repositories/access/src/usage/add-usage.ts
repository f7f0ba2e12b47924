import type { Database } from '@runnel/repositories-database'
import { sql } from 'kysely'
import type { CountsByKey } from '../directory/key-usage.ts'
import { periodOf } from './period-of.ts'

/**
 * Adds what keys did at one replica to what they did at all. Where the answer of PostgreSQL is lost, it may be added twice.
 *
 * @param ageMs how long ago that was; the database's clock says which period it belongs to
 */
export async function addUsage({ kysely }: Database, counts: CountsByKey, ageMs: number): Promise<void> {
  if (counts.size === 0) return
  // In the order of ids, so that two replicas never wait for each other.
  const inOrder = [...counts].sort(([a], [b]) => (a < b ? -1 : 1))
  const column = (name: 'requests' | 'refused' | 'events' | 'bytes') =>
    sql`${inOrder.map(([, key]) => key[name])}::float8[]`
  const at = sql<Date>`clock_timestamp() - make_interval(secs => ${ageMs / 1000}::float8)`
  await sql`
    insert into api_key_usage (from_at, key_id, requests, refused, events, bytes)
    select ${periodOf(at)}, u.* from unnest(${inOrder.map(([id]) => id)}::text[],
      ${column('requests')}, ${column('refused')}, ${column('events')}, ${column('bytes')}) as u
    on conflict (from_at, key_id) do update set
      requests = api_key_usage.requests + excluded.requests, refused = api_key_usage.refused + excluded.refused,
      events = api_key_usage.events + excluded.events, bytes = api_key_usage.bytes + excluded.bytes`.execute(
    kysely,
  )
}
