import type { JsonValue } from '@runnel/contracts'
import { sql } from 'kysely'
import type { Database } from '../database.ts'
import { prepared } from '../prepared.ts'
import { AS_OF, type Snapshot } from './snapshot.ts'

export interface ProductSummary {
  readonly id: number
  readonly name: string
  readonly price: number
  readonly manufacturer: string | null
}

export interface StoredProduct extends ProductSummary {
  readonly attributes: JsonValue
  readonly version: number
  readonly updatedAtMs: number
}

interface SummaryRow extends ProductSummary {
  as_of_ms: number
}

interface ProductRow extends SummaryRow {
  attributes: JsonValue
  version: number
  updated_at_ms: number
}

/** @returns undefined as value for a product that does not exist or was deleted */
export async function findProduct(
  { kysely }: Database,
  id: number,
): Promise<Snapshot<StoredProduct | undefined>> {
  const { rows } = await sql<ProductRow>`${prepared('find_product')}
    select ${AS_OF} as as_of_ms, id, name, price, manufacturer, attributes, version,
      floor(extract(epoch from updated_at) * 1000)::float8 as updated_at_ms
    from (values (1)) one left join product on id = ${id} and deleted_at is null`.execute(kysely)
  const row = rows[0]!
  return { asOfMs: row.as_of_ms, value: row.id === null ? undefined : toProduct(row) }
}

/** The products that were updated last: what a cache is warmed with. */
export async function listRecentProducts(
  { kysely }: Database,
  limit: number,
): Promise<Snapshot<StoredProduct[]>> {
  const { rows } = await sql<ProductRow>`
    select ${AS_OF} as as_of_ms, p.* from (values (1)) one left join (
      select id, name, price, manufacturer, attributes, version,
        floor(extract(epoch from updated_at) * 1000)::float8 as updated_at_ms
      from product where deleted_at is null order by updated_at desc limit ${limit}
    ) p on true`.execute(kysely)
  return { asOfMs: rows[0]!.as_of_ms, value: rows[0]!.id === null ? [] : rows.map(toProduct) }
}

function toSummary({ id, name, price, manufacturer }: SummaryRow): ProductSummary {
  return { id: Number(id), name, price: Number(price), manufacturer }
}

function toProduct(row: ProductRow): StoredProduct {
  return {
    ...toSummary(row),
    attributes: row.attributes,
    version: Number(row.version),
    updatedAtMs: row.updated_at_ms,
  }
}
