import type { Database } from '@runnel/repositories-database'
import { sql } from 'kysely'
import { periodOf } from './period-of.ts'

/** What a key did at all replicas. */
interface UsageOfKey {
  readonly id: string
  readonly name: string
  readonly requests: number
  readonly refused: number
  readonly events: number
  readonly bytes: number
}

export interface ListedUsage {
  /** From when on it counts: the start of a period. */
  readonly from: Date
  /** Keys that did something, those with the most requests first. */
  readonly keys: readonly UsageOfKey[]
}

/** @param minutes before now, at most those of a day */
export async function listUsage({ kysely }: Database, minutes: number): Promise<ListedUsage> {
  const from = periodOf(sql<Date>`clock_timestamp() - make_interval(mins => ${minutes}::int)`)
  const { rows } = await sql<UsageOfKey & { from: Date }>`
    with since as materialized (select ${from} as at)
    select k.id, k.name, since.at as "from", sum(u.requests)::float8 as requests, sum(u.refused)::float8 as refused,
      sum(u.events)::float8 as events, sum(u.bytes)::float8 as bytes
    from since left join api_key_usage u on u.from_at >= since.at left join api_key k on k.id = u.key_id
    group by k.id, since.at order by requests desc nulls last, refused desc, k.id`.execute(kysely)
  return { from: rows[0]!.from, keys: rows.flatMap(({ from: _, ...key }) => (key.id === null ? [] : [key])) }
}
