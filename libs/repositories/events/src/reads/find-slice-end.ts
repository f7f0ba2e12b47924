import { ms, type Database } from '@runnel/repositories-database'
import { sql } from 'kysely'
import {
  type EventPosition,
  fromPosition,
  inRange,
  type PageOptions,
  type TimeRange,
} from './event-filter.ts'

/**
 * Where a slice of so many log entries ends, whatever they are: a search looks at one slice after the other, each as long as it takes. By
 * the index; 100,000 entries take 15 ms.
 *
 * @param from where the slice begins, and in which direction it goes
 * @returns its last entry; undefined where fewer are left, so that the slice goes to the end of the range
 */
export async function findSliceEnd(
  { kysely }: Database,
  range: TimeRange,
  from: Pick<PageOptions, 'after' | 'before'>,
  rows: number,
): Promise<EventPosition | undefined> {
  const order = from.before ? sql`occurred_at, id` : sql`occurred_at desc, id desc`
  const { rows: found } = await sql<{ id: string; occurred_at_ms: number }>`
    select id, ${ms('occurred_at')} as occurred_at_ms from (
      select id, occurred_at from log where ${inRange(range)} and ${fromPosition(from)}
      order by ${order} offset ${rows - 1} limit 1
    ) last`.execute(kysely)
  return found[0] && { id: found[0].id, occurredAtMs: found[0].occurred_at_ms }
}
