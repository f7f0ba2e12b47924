import { sql, type RawBuilder } from 'kysely'
import {
  type Database,
  type PageLimits,
  readSizedSnapshot,
  requireScannable,
  type SizedPage,
  type Snapshot,
} from '@runnel/repositories-database'
import { toSummary, type ProductSummary } from './product-reads.ts'

/** What a list of products may be sorted by. */
export const PRODUCT_SORTS = ['id', 'name', 'price', 'updated'] as const

export type ProductSort = (typeof PRODUCT_SORTS)[number]

interface ProductFilter {
  /** Every one of them occurs in the name or the manufacturer, in whatever case. */
  readonly words?: readonly string[]
  /** The whole of it, in whatever case. */
  readonly manufacturer?: string | undefined
  /** Both ends belong to the range. Numbers as JSON writes them: doubles would not find prices of more digits. */
  readonly minPrice?: string | undefined
  readonly maxPrice?: string | undefined
}

/** Where a page begins: behind the product with this id and this value of what is sorted by. */
export interface ProductPosition {
  readonly id: number
  /** As text, exactly as the database writes it. */
  readonly key: string
}

export interface ProductListOptions extends ProductFilter {
  readonly limits: PageLimits
  readonly sort?: ProductSort
  readonly descending?: boolean
  readonly after?: ProductPosition | undefined
}

export interface ListedProduct extends ProductSummary {
  readonly updatedAtMs: number
  /** Of the position behind it. */
  readonly key: string
}

/**
 * What each list is sorted by, ids deciding between equals. Times as whole microseconds: what Postgres keeps, and exact
 * as text. There is no index for them: a shop's products are read through in a moment.
 */
const KEYS: Readonly<
  Record<ProductSort, { readonly key: RawBuilder<unknown>; readonly type: RawBuilder<unknown> }>
> = {
  id: { key: sql`id`, type: sql`bigint` },
  name: { key: sql`lower(name)`, type: sql`text` },
  price: { key: sql`product.price`, type: sql`numeric` },
  updated: { key: sql`(extract(epoch from updated_at) * 1000000)::bigint`, type: sql`bigint` },
}

interface ListedRow extends ProductSummary {
  updated_at_ms: number
  sort_key: string
}

/**
 * A page of products, deleted ones left out.
 *
 * @throws AppError query_too_slow where no statement timeout would end it
 */
export async function listProducts(
  database: Database,
  { limits, sort = 'id', descending = false, after, ...filter }: ProductListOptions,
): Promise<Snapshot<SizedPage<ListedProduct>>> {
  const conditions = productConditions(filter)
  const { key, type } = KEYS[sort]
  // A page in the order of ids ends by itself.
  if (sort !== 'id' || conditions.length > 0)
    await requireScannable(database, 'product', sql`deleted_at is null`)
  const [direction, behind] = descending ? [sql`desc`, sql`<`] : [sql`asc`, sql`>`]
  if (after) conditions.push(sql`(${key}, id) ${behind} (${after.key}::text::${type}, ${after.id}::bigint)`)
  const where = sql.join([sql`deleted_at is null`, ...conditions], sql` and `)
  const rows = sql`(
    select id, name, to_json(price) as price, manufacturer, ${key} as sort_value, ${key}::text as sort_key,
      floor(extract(epoch from updated_at) * 1000)::float8 as updated_at_ms
    from product where ${where} order by ${key} ${direction}, id ${direction} limit ${limits.items + 1})`
  const order = sql`sort_value ${direction}, id ${direction}`
  const { asOfMs, value } = await readSizedSnapshot<ListedRow>(database, { rows, size: SIZE, order }, limits)
  return { asOfMs, value: { ...value, items: value.items.map(toListed) } }
}

/** Of a row: what has no bound of a few bytes. Rows as JSON took twice as long: 37 ms for 10,000, these sums 21. */
const SIZE = sql`octet_length(name) + octet_length(coalesce(manufacturer, '')) + octet_length(price::text)`

function productConditions({
  words = [],
  manufacturer,
  minPrice,
  maxPrice,
}: ProductFilter): RawBuilder<unknown>[] {
  const conditions: RawBuilder<unknown>[] = []
  if (words.length > 0) conditions.push(containsAll(sql`concat_ws(' ', name, manufacturer)`, words))
  if (manufacturer !== undefined) conditions.push(sql`lower(manufacturer) = lower(${manufacturer}::text)`)
  if (minPrice !== undefined) conditions.push(sql`price >= ${minPrice}::text::numeric`)
  if (maxPrice !== undefined) conditions.push(sql`price <= ${maxPrice}::text::numeric`)
  return conditions
}

function toListed(row: ListedRow): ListedProduct {
  return { ...toSummary(row), updatedAtMs: row.updated_at_ms, key: row.sort_key }
}

/**
 * Every word occurs in the text, in whatever case. No wildcards: a `%` is looked for as it stands. There is no index
 * for it; the range of the query bounds what is read.
 */
function containsAll(text: RawBuilder<unknown>, words: readonly string[]): RawBuilder<boolean> {
  if (words.length === 0) return sql`true`
  const conditions = words.map((word) => sql`position(lower(${word}::text) in lower(${text})) > 0`)
  return sql`(${sql.join(conditions, sql` and `)})`
}
