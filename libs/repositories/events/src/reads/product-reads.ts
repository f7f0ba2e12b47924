import type { JsonNumber, JsonValue } from '@runnel/contracts'
import { sql } from 'kysely'
import {
  AS_OF,
  type Database,
  type PageLimits,
  prepared,
  readSizedSnapshot,
  type SizedPage,
  type Snapshot,
} from '@runnel/repositories-database'

export interface ProductSummary {
  readonly id: number
  readonly name: string
  /** With every digit and zero that it was sent with. */
  readonly price: JsonNumber
  readonly manufacturer: string | null
}

export interface StoredProduct extends ProductSummary {
  readonly attributes: JsonValue
  readonly version: number
  readonly updatedAtMs: number
}

/** Prices are read as JSON, whose numbers keep their digits. */
interface ProductRow extends ProductSummary {
  attributes: JsonValue
  version: number
  updated_at_ms: number
}

/**
 * The products with these ids, by id; what does not exist or was deleted is left out. Each id is looked up by itself, so
 * that the plan is the same for one and for a hundred, and for a table that was empty when it was made.
 */
export async function findProducts(
  { kysely }: Database,
  ids: readonly number[],
): Promise<Snapshot<ReadonlyMap<number, StoredProduct>>> {
  const { rows } = await sql<ProductRow & { as_of_ms: number }>`${prepared('find_products')}
    select ${AS_OF} as as_of_ms, p.* from (values (1)) one
    left join unnest(${ids}::bigint[]) wanted on true
    left join lateral (
      select id, name, to_json(price) as price, manufacturer, attributes, version,
        floor(extract(epoch from updated_at) * 1000)::float8 as updated_at_ms
      from product where id = wanted and deleted_at is null offset 0
    ) p on true`.execute(kysely)
  const found = rows.filter(({ id }) => id !== null)
  return { asOfMs: rows[0]!.as_of_ms, value: new Map(found.map((row) => [Number(row.id), toProduct(row)])) }
}

/** The products that were updated last: what a cache is warmed with. */
export async function listRecentProducts(
  database: Database,
  limits: PageLimits,
): Promise<Snapshot<SizedPage<StoredProduct>>> {
  const rows = sql`(
    select id, name, to_json(price) as price, manufacturer, attributes, version,
      floor(extract(epoch from updated_at) * 1000)::float8 as updated_at_ms
    from product where deleted_at is null order by updated_at desc limit ${limits.items})`
  const query = { rows, size: sql`octet_length(attributes::text)`, order: sql`updated_at_ms desc, id` }
  const { asOfMs, value } = await readSizedSnapshot<ProductRow>(database, query, limits)
  return { asOfMs, value: { ...value, items: value.items.map(toProduct) } }
}

export function toSummary({ id, name, price, manufacturer }: ProductSummary): ProductSummary {
  return { id: Number(id), name, price, manufacturer }
}

function toProduct(row: ProductRow): StoredProduct {
  return {
    ...toSummary(row),
    attributes: row.attributes,
    version: Number(row.version),
    updatedAtMs: row.updated_at_ms,
  }
}
