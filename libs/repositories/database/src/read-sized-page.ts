import { sql, type Expression, type RawBuilder } from 'kysely'
import type { Database } from './database.ts'
import { AS_OF, type Snapshot } from './snapshot.ts'

export interface SizedPage<Row> {
  readonly items: Row[]
  /** Whether further rows follow. */
  readonly more: boolean
}

/** How far a page goes: the first limit that is reached ends it. */
export interface PageLimits {
  readonly items: number
  /** Of what the rows hold. The first row is always part of the page. */
  readonly bytes: number
}

interface SizedQuery {
  /** In the order of the page, one row more than it may have. */
  readonly rows: Expression<unknown>
  /** Bytes of a row; without it, those of the whole row as JSON. */
  readonly size?: RawBuilder<unknown>
  readonly order: RawBuilder<unknown>
}

const WHOLE_ROW = sql`octet_length(to_json(page)::text)`

/**
 * A page of rows, which a running total of their size ends early: a thousand rows of a megabyte would not fit into
 * memory. The database counts, so that what is left out is never sent.
 */
export async function readSizedPage<Row extends object>(
  database: Database,
  query: SizedQuery,
  limits: PageLimits,
): Promise<SizedPage<Row>> {
  return (await readSizedSnapshot<Row>(database, query, limits)).value
}

/** The same, with the time that a cache judges it by. */
export async function readSizedSnapshot<Row extends object>(
  { kysely }: Database,
  { rows, size = WHOLE_ROW, order }: SizedQuery,
  limits: PageLimits,
): Promise<Snapshot<SizedPage<Row>>> {
  const { rows: found } = await sql<Row & Counted>`
    select ${AS_OF} as page_as_of_ms, sized.* from (values (1)) one left join (
      select * from (
        select page.*, count(*) over ()::float8 as page_rows,
          sum(${size}) over (order by ${order} rows unbounded preceding) as page_bytes,
          row_number() over (order by ${order}) as page_place
        from ${rows} page
      ) counted
      where page_place <= ${limits.items} and (page_place = 1 or page_bytes <= ${limits.bytes})
    ) sized on true order by page_place`.execute(kysely)
  const { page_as_of_ms: asOfMs, page_rows: count } = found[0]!
  if (count === null) return { asOfMs, value: { items: [], more: false } }
  return { asOfMs, value: { items: found.map(withoutCounts<Row>), more: found.length < count } }
}

interface Counted {
  readonly page_as_of_ms: number
  /** Null where there is no row. */
  readonly page_rows: number | null
  readonly page_bytes: unknown
  readonly page_place: unknown
}

function withoutCounts<Row extends object>({
  page_as_of_ms: _asOfMs,
  page_rows: _rows,
  page_bytes: _bytes,
  page_place: _place,
  ...row
}: Row & Counted): Row {
  return row as unknown as Row
}
