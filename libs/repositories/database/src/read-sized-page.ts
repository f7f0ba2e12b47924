import { sql, type Expression, type RawBuilder } from 'kysely'
import type { Database } from './database.ts'

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
  /** Bytes of a row. */
  readonly size: RawBuilder<unknown>
  readonly order: RawBuilder<unknown>
}

/**
 * A page of rows, which a running total of their size ends early: a thousand rows of a megabyte would not fit into
 * memory. The database counts, so that what is left out is never sent.
 */
export async function readSizedPage<Row extends object>(
  { kysely }: Database,
  { rows, size, order }: SizedQuery,
  limits: PageLimits,
): Promise<SizedPage<Row>> {
  const { rows: found } = await sql<Row & Counted>`
    select * from (
      select page.*, count(*) over ()::float8 as page_rows,
        sum(${size}) over (order by ${order} rows unbounded preceding) as page_bytes,
        row_number() over (order by ${order}) as page_place
      from ${rows} page
    ) sized
    where page_place <= ${limits.items} and (page_place = 1 or page_bytes <= ${limits.bytes})
    order by page_place`.execute(kysely)
  return { items: found.map(withoutCounts<Row>), more: found.length < (found[0]?.page_rows ?? 0) }
}

interface Counted {
  readonly page_rows: number
  readonly page_bytes: unknown
  readonly page_place: unknown
}

function withoutCounts<Row extends object>({
  page_rows: _rows,
  page_bytes: _bytes,
  page_place: _place,
  ...row
}: Row & Counted): Row {
  return row as unknown as Row
}
