import type { JsonObject, Kind } from '@runnel/contracts'
import { sql, type RawBuilder } from 'kysely'
import type { Database } from '../database.ts'

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

interface Source {
  readonly table: string
  /** The item as it was sent, put together from the columns that keep it. */
  readonly item: RawBuilder<unknown>
}

const SOURCES: Record<Kind, Source> = {
  logs: { table: 'log', item: sql`data` },
  metrics: {
    table: 'metric',
    item: sql`coalesce(extra, '{}'::jsonb) || jsonb_build_object('data', data)`,
  },
  products: { table: 'product_event', item: sql`data` },
}

/**
 * Reads what is stored of a kind, in pages by id, so that memory stays bounded however much is found. For `verify`
 * alone: no index serves the filter, each pass reads every row from `receivedFrom` on.
 */
export async function* findStoredItems(
  db: Database,
  kind: Kind,
  filter: ItemFilter,
): AsyncGenerator<readonly StoredItem[]> {
  const { table, item } = SOURCES[kind]
  const at = sql`item #>> ${sql.val([...filter.path])}::text[]`
  const found =
    filter.match === 'equals' ? sql`${at} = ${filter.text}` : sql`starts_with(${at}, ${filter.text})`
  let lastId = '00000000-0000-0000-0000-000000000000'
  let from = filter.receivedFrom
  for (;;) {
    const page = await sql<StoredItem & { received_at: Date }>`
      select id, received_at, item
      from (select id, received_at, ${item} as item from ${sql.table(table)}) as stored
      where id > ${lastId}::uuid and received_at >= ${from} and ${found}
      order by id
      limit ${PAGE_ROWS}`.execute(db.kysely)
    const last = page.rows.at(-1)
    if (!last) return
    yield page.rows
    if (page.rows.length < PAGE_ROWS) return
    lastId = last.id
    // Ids begin with the time of receipt: what follows in the order of ids was not received earlier.
    from = last.received_at
  }
}
