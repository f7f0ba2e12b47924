import { FIRST_GENERATED_PRODUCT_ID } from '@runnel/contracts'
import { inSlices } from '@runnel/runtime'
import { sql, type Transaction } from 'kysely'
import type { Database } from '@runnel/repositories-database'
import type { Schema } from '@runnel/repositories-database'
import type { ProductRow, StoreResult } from './event-rows.ts'
import { insertRecords } from './insert-records.ts'
import { toJsonArray } from './to-json-array.ts'
import { type IdentifiedProduct, identifyProduct, newestPerProduct } from './reduce-products.ts'
import { receivedAt, storeEvents } from './store-events.ts'

export interface ProductStoreResult extends StoreResult {
  /** Every product that the batch is about, whether or not it changed: a redelivered event announces again. */
  readonly productIds: readonly number[]
  /** The database's clock after the write, in milliseconds since 1970. */
  readonly version: number
}

/** Stores a batch of product events and brings the products up to date; see {@link storeEvents}. */
export async function storeProducts(
  database: Database,
  rows: readonly ProductRow[],
  replayedIds: readonly string[],
): Promise<ProductStoreResult> {
  const identified = rows.map(identifyProduct)
  let superseded: string[] = []
  const result = await storeEvents(database, {
    kind: 'products',
    rows,
    replayedIds,
    insert: async (trx, kept, mode) => {
      const ids = new Set(kept.map((row) => row.id))
      const products = identified.filter(({ row }) => ids.has(row.id))
      const inserted = await insertRecords(trx, PRODUCT_EVENT, products, mode)
      const fresh = products.filter(({ row }) => inserted.has(row.id))
      const shown = await updateProducts(trx, newestPerProduct(fresh))
      superseded = fresh.flatMap(({ row }) => (shown.has(row.id) ? [] : row.id))
      return inserted.size
    },
  })
  return { ...result, superseded, ...(await readBack(database, identified)) }
}

/** @returns the ids of the events that their products now show */
async function updateProducts(
  trx: Transaction<Schema>,
  newest: readonly IdentifiedProduct[],
): Promise<ReadonlySet<string>> {
  const shown = [
    await upsertById(trx, newest.filter(isUpsertById)),
    await deleteGenerated(trx, newest.filter(isGeneratedDeletion)),
    await upsertByNaturalKey(
      trx,
      newest.filter(({ naturalKey }) => naturalKey !== null),
    ),
  ]
  return new Set(shown.flat())
}

function isGeneratedDeletion({ row }: IdentifiedProduct): boolean {
  return row.productId !== null && row.productId >= FIRST_GENERATED_PRODUCT_ID
}

function isUpsertById(product: IdentifiedProduct): boolean {
  return product.row.productId !== null && !isGeneratedDeletion(product)
}

const EVENT_COLUMNS = {
  id: 'uuid',
  received_at: 'timestamptz',
  product_id: 'bigint',
  natural_key: 'uuid',
  op: 'text',
  data: 'jsonb',
}

function toEvent({ row: { id, productId, op, data }, naturalKey }: IdentifiedProduct) {
  return { id, received_at: receivedAt(id), product_id: productId, natural_key: naturalKey, op, data }
}

const PRODUCT_EVENT = { name: 'product_event', columns: EVENT_COLUMNS, toRecord: toEvent } as const

/** The columns that an upsert writes; `deleted_at` is set for a deletion, which leaves a tombstone. */
async function toRecords(products: readonly IdentifiedProduct[]): Promise<string> {
  return inSlices(
    toJsonArray(
      products.map(({ row, naturalKey, version }) => ({
        id: row.productId,
        natural_key: naturalKey,
        name: row.name,
        price: row.price,
        manufacturer: row.manufacturer,
        attributes: row.attributes,
        version,
        version_event: row.id,
        deleted: row.op === 'delete',
      })),
    ),
  )
}

const RECORD = sql`r(id bigint, natural_key uuid, name text, price numeric, manufacturer text, attributes jsonb,
  version bigint, version_event uuid, deleted boolean)`

const VALUES = sql`natural_key, name, price, manufacturer, attributes, version, version_event, now(),
  case when deleted then now() end`

/** An older version never overwrites a newer one; two of one version are decided by the event's id. */
const UPDATE_IF_NEWER = sql`
  do update set name = excluded.name, price = excluded.price, manufacturer = excluded.manufacturer,
    attributes = excluded.attributes, version = excluded.version, version_event = excluded.version_event,
    updated_at = excluded.updated_at, deleted_at = excluded.deleted_at
  where (product.version, product.version_event) < (excluded.version, excluded.version_event)`

interface Shown {
  readonly version_event: string
}

async function upsertById(
  trx: Transaction<Schema>,
  products: readonly IdentifiedProduct[],
): Promise<string[]> {
  if (products.length === 0) return []
  const { rows } = await sql<Shown>`
    insert into product (id, natural_key, name, price, manufacturer, attributes, version, version_event, updated_at,
      deleted_at)
    select id, ${VALUES} from json_to_recordset(${await toRecords(products)}::json) as ${RECORD}
    on conflict (id) ${UPDATE_IF_NEWER}
    returning version_event`.execute(trx)
  return rows.map(({ version_event }) => version_event)
}

async function upsertByNaturalKey(
  trx: Transaction<Schema>,
  products: readonly IdentifiedProduct[],
): Promise<string[]> {
  if (products.length === 0) return []
  const { rows } = await sql<Shown>`
    insert into product (id, natural_key, name, price, manufacturer, attributes, version, version_event, updated_at,
      deleted_at)
    select nextval('product_generated_id'), ${VALUES}
    from json_to_recordset(${await toRecords(products)}::json) as ${RECORD}
    on conflict (natural_key) ${UPDATE_IF_NEWER}
    returning version_event`.execute(trx)
  return rows.map(({ version_event }) => version_event)
}

/** A generated id leaves no tombstone where it names nothing: the sequence may still assign it. */
async function deleteGenerated(
  trx: Transaction<Schema>,
  products: readonly IdentifiedProduct[],
): Promise<string[]> {
  if (products.length === 0) return []
  const json = await toRecords(products)
  await sql`
    update product set version = r.version, version_event = r.version_event, updated_at = now(), deleted_at = now()
    from json_to_recordset(${json}::json) as ${RECORD}
    where product.id = r.id
      and (product.version, product.version_event) < (r.version, r.version_event)`.execute(trx)
  const { rows } = await sql<Shown>`
    select r.version_event from json_to_recordset(${json}::json) as ${RECORD} left join product on product.id = r.id
    where product.id is null or product.version_event = r.version_event`.execute(trx)
  return rows.map(({ version_event }) => version_event)
}

/** After the commit: which products to announce, and since when. */
async function readBack({ kysely }: Database, products: readonly IdentifiedProduct[]) {
  const keys = products.flatMap(({ naturalKey }) => naturalKey ?? [])
  const { rows } = await sql<{ now_ms: number; ids: Record<string, number> | null }>`
    select ceil(extract(epoch from clock_timestamp()) * 1000)::float8 as now_ms,
      (select json_object_agg(natural_key, id) from product where natural_key = any(${keys}::uuid[])) as ids`.execute(
    kysely,
  )
  const idOf = rows[0]?.ids ?? {}
  const found = products.flatMap(({ row, naturalKey }) => {
    const id = naturalKey === null ? undefined : idOf[naturalKey]
    return id === undefined ? [] : ([[row.id, id]] as const)
  })
  const explicit = products.flatMap(({ row }) => row.productId ?? [])
  return {
    productIds: [...new Set([...explicit, ...Object.values(idOf)])],
    generatedIds: new Map(found),
    version: rows[0]?.now_ms ?? Date.now(),
  }
}
