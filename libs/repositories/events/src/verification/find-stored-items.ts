import type { JsonObject, Kind } from '@runnel/contracts'
import { sql, type RawBuilder } from 'kysely'
import { EVENT_TABLES, type Database } from '@runnel/repositories-database'

/** A stored event with the item as its producer sent it. */
export interface StoredItem {
  readonly id: string
  readonly item: JsonObject
}

/** Which items are looked for: those whose text at `path` equals or begins with `text`. */
export interface ItemFilter {
  readonly path: readonly string[]
  readonly match: 'equals' | 'prefix'
  readonly text: string
  /** Rows received before are not looked at, so that their partitions are skipped. */
  readonly receivedFrom: Date
}

const PAGE_ROWS = 500

/** The item as it was sent, put together from the columns that keep it. */
const ITEMS: Record<Kind, RawBuilder<unknown>> = {
  logs: sql`data`,
  metrics: sql`coalesce(extra, '{}'::jsonb) || jsonb_build_object('data', data)`,
  products: sql`data`,
  traces: sql`data`,
}

/**
 * Reads what is stored of a kind, in pages, so that memory stays bounded however much is found. For `verify` alone: no
 * index serves the filter, every row from `receivedFrom` on is read.
 *
 * A cursor reads them once. Pages by id did not: the planner takes the filter for a rare one and sorts what a whole
 * scan finds, for each page anew (160,000 events of six filters: 9.6 s, with the cursor 1.8 s).
 */
export async function* findStoredItems(
  db: Database,
  kind: Kind,
  filter: ItemFilter,
): AsyncGenerator<readonly StoredItem[]> {
  const at = sql`item #>> ${sql.val([...filter.path])}::text[]`
  const found =
    filter.match === 'equals' ? sql`${at} = ${filter.text}` : sql`starts_with(${at}, ${filter.text})`
  const trx = await db.kysely.startTransaction().setAccessMode('read only').execute()
  try {
    await sql`
      declare stored_items no scroll cursor for
      select id, item
      from (select id, received_at, ${ITEMS[kind]} as item from ${sql.table(EVENT_TABLES[kind])}) as stored
      where received_at >= ${filter.receivedFrom} and ${found}`.execute(trx)
    for (;;) {
      const page = await sql<StoredItem>`fetch ${sql.lit(PAGE_ROWS)} from stored_items`.execute(trx)
      if (page.rows.length === 0) return
      yield page.rows
    }
  } finally {
    await trx.rollback().execute()
  }
}
