import { sql, type RawBuilder } from 'kysely'
import type { Database } from '@runnel/repositories-database'
import { type EventPage, fromPosition, type PageOptions } from './event-filter.ts'
import { ms } from '@runnel/repositories-database'

export interface EventTable {
  readonly table: 'log' | 'metric'
  /** Selected besides id and times. */
  readonly columns: RawBuilder<unknown>
  /** What most of an item's size is. */
  readonly bulk: RawBuilder<string>
  /** Bytes of those of `columns` that may be as large: copies of members, and what was sent beside them. */
  readonly besideBytes: RawBuilder<number>
}

/**
 * A page of events, the newest first whichever way it was asked for. A running total of their size ends it early: a thousand entries of half a
 * megabyte would not fit into memory.
 */
export async function readEventPage<Row>(
  { kysely }: Database,
  { table, columns, bulk, besideBytes }: EventTable,
  where: RawBuilder<boolean>,
  { limit, maxBytes, ...from }: PageOptions,
): Promise<EventPage<Row>> {
  const order = from.before ? sql`occurred_at, id` : sql`occurred_at desc, id desc`
  const { rows } = await sql<Row & { found: number }>`
    select * from (
      select *, count(*) over ()::float8 as found,
        sum(octet_length(bulk) + ${besideBytes}) over (order by ${order} rows unbounded preceding) as bytes,
        row_number() over (order by ${order}) as place
      from (
        select id, occurred_at, ${ms('received_at')} as received_at_ms, ${ms('occurred_at')} as occurred_at_ms,
          ${bulk} as bulk, ${columns}
        from ${sql.table(table)}
        where ${where} and ${fromPosition(from)}
        order by ${order} limit ${limit + 1}
      ) page
    ) sized
    where place <= ${limit} and (place = 1 or bytes <= ${maxBytes})
    order by place`.execute(kysely)
  const more = rows.length < (rows[0]?.found ?? 0)
  return { items: from.before ? rows.reverse() : rows, more }
}

/** One event by its id, which says in which partition it is. */
export async function readEvent<Row>(
  { kysely }: Database,
  { table, columns, bulk }: EventTable,
  id: string,
  receivedAt: string,
): Promise<Row | undefined> {
  const { rows } = await sql<Row>`
    select id, ${ms('received_at')} as received_at_ms, ${ms('occurred_at')} as occurred_at_ms, ${bulk} as bulk, ${columns}
    from ${sql.table(table)}
    where id = ${id}::uuid and received_at = ${receivedAt}::timestamptz`.execute(kysely)
  return rows[0]
}
