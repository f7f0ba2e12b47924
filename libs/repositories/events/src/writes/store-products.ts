import { FIRST_GENERATED_PRODUCT_ID } from '@runnel/contracts'
import { sql, type Transaction } from 'kysely'
import type { Database } from '@runnel/repositories-database'
import type { Schema } from '@runnel/repositories-database'
import type { ProductRow, StoreResult } from './event-rows.ts'
import { insertRecords } from './insert-records.ts'
import { mergeProducts, upsertProducts, type ProductMatch, type ShownProduct } from './merge-products.ts'
import { placeAtDatabase } from './place-at-database.ts'
import {
  type IdentifiedProduct,
  identifyProduct,
  type ProductCandidates,
  reduceProducts,
} from './reduce-products.ts'
import type { ReplayedLetter } from './replayed-letters.ts'
import { receivedAt, storeEvents } from './store-events.ts'

export interface ProductStoreResult extends StoreResult {
  /** Every product that the batch is about, whether or not it changed: a redelivered event announces again. */
  readonly productIds: readonly number[]
  /** The database's clock after the write, in milliseconds since 1970. */
  readonly version: number
}

/**
 * Stores a batch of product events and brings the products up to date; see {@link storeEvents}. Only an event that is new to
 * product_event may change its product: what is delivered or published again has counted already, at its first position.
 */
export async function storeProducts(
  database: Database,
  rows: readonly ProductRow[],
  replayed: readonly ReplayedLetter[],
): Promise<ProductStoreResult> {
  const identified = rows.map(identifyProduct)
  let hidden: readonly string[] = []
  let repeated: readonly string[] = []
  const result = await storeEvents(database, {
    kind: 'products',
    rows,
    replayed,
    insert: async (trx, kept, mode) => {
      const ids = new Set(kept.map((row) => row.id))
      const products = identified.filter(({ row }) => ids.has(row.id))
      const inserted = await insertRecords(trx, PRODUCT_EVENT, products, mode)
      const fresh = products.filter(({ row }) => inserted.has(row.id))
      const shown = await updateProducts(trx, reduceProducts(await placeAtDatabase(trx, fresh)))
      hidden = fresh.flatMap(({ row }) => (shown.has(row.id) ? [] : row.id))
      repeated = products.flatMap(({ row }) => (inserted.has(row.id) ? [] : row.id))
      return inserted.size
    },
  })
  const { unshown, ...read } = await readBack(database, identified, repeated)
  return { ...result, superseded: [...hidden, ...unshown], ...read }
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

/** @returns the ids of the events that their products now show */
async function updateProducts(
  trx: Transaction<Schema>,
  candidates: readonly ProductCandidates[],
): Promise<ReadonlySet<string>> {
  const byId = candidates.filter(({ first }) => first.row.productId !== null && !isGenerated(first.row))
  const generated = candidates.filter(({ first }) => isGenerated(first.row))
  const byKey = candidates.filter(({ first }) => first.naturalKey !== null)
  return new Set([
    ...(await update(trx, 'id', byId)),
    ...(await deleteGenerated(trx, generated)),
    ...(await update(trx, 'natural_key', byKey)),
  ])
}

/** Such an id can only be deleted; that leaves no tombstone where it names nothing, for the sequence may still assign it. */
function isGenerated({ productId }: ProductRow): boolean {
  return productId !== null && productId >= FIRST_GENERATED_PRODUCT_ID
}

async function update(
  trx: Transaction<Schema>,
  match: ProductMatch,
  candidates: readonly ProductCandidates[],
): Promise<Iterable<string>> {
  const firsts = candidates.map(({ first }) => first)
  const plain = await upsertProducts(trx, match, firsts)
  const done = new Set(plain.map(({ event_id }) => event_id))
  const left = firsts.filter(({ row }) => !done.has(row.id))
  const merged = await mergeProducts(trx, match, left)
  const seconds = await mergeProducts(trx, match, secondsOf(candidates))
  return eventsOf([...plain, ...merged, ...seconds])
}

async function deleteGenerated(
  trx: Transaction<Schema>,
  candidates: readonly ProductCandidates[],
): Promise<Iterable<string>> {
  if (candidates.length === 0) return []
  const firsts = candidates.map(({ first }) => first)
  const ids = firsts.map(({ row }) => row.productId)
  const { rows } = await sql<{ id: number }>`
    select id::float8 as id from product where id = any(${ids}::bigint[]) order by id for update`.execute(trx)
  const known = new Set(rows.map(({ id }) => id))
  const merged = await mergeProducts(trx, 'id', firsts)
  const seconds = await mergeProducts(trx, 'id', secondsOf(candidates))
  const ofNothing = firsts.filter(({ row }) => !known.has(row.productId!)).map(({ row }) => row.id)
  return [...ofNothing, ...eventsOf([...merged, ...seconds])]
}

function secondsOf(candidates: readonly ProductCandidates[]) {
  return candidates.flatMap(({ second }) => second ?? [])
}

/** A later change of a product counts. */
function eventsOf(products: readonly ShownProduct[]): Iterable<string> {
  return new Map(products.map(({ id, event_id }) => [id, event_id])).values()
}

interface ReadProduct {
  readonly id: number
  readonly natural_key: string | null
  readonly event_id: string
}

/** After the commit: which products to announce, since when, and which of the repeated events their products do not show. */
async function readBack(
  { kysely }: Database,
  products: readonly IdentifiedProduct[],
  repeated: readonly string[],
) {
  const keys = products.flatMap(({ naturalKey }) => naturalKey ?? [])
  const again = new Set(repeated)
  const ids = products.flatMap(({ row }) =>
    again.has(row.id) && row.productId !== null ? row.productId : [],
  )
  const { rows } = await sql<{ now_ms: number; found: ReadProduct[] | null }>`
    select ceil(extract(epoch from clock_timestamp()) * 1000)::float8 as now_ms,
      (select json_agg(json_build_object('id', id, 'natural_key', natural_key, 'event_id', coalesce(event_id, version_event)))
        from product where natural_key = any(${keys}::uuid[]) or id = any(${ids}::bigint[])) as found`.execute(
    kysely,
  )
  const { now_ms: version = Date.now(), found = null } = rows[0] ?? {}
  const byKey = new Map(found?.map((product) => [product.natural_key, product]))
  const byId = new Map(found?.map((product) => [product.id, product]))
  const productOf = ({ row, naturalKey }: IdentifiedProduct) =>
    naturalKey === null ? byId.get(row.productId!) : byKey.get(naturalKey)
  const unshown = products.filter((product) => {
    const { event_id = product.row.id } = again.has(product.row.id) ? (productOf(product) ?? {}) : {}
    return event_id !== product.row.id
  })
  const generated = products.flatMap((product) => {
    const id = product.naturalKey === null ? undefined : productOf(product)?.id
    return id === undefined ? [] : ([[product.row.id, id]] as const)
  })
  const explicit = products.flatMap(({ row }) => row.productId ?? [])
  return {
    unshown: unshown.map(({ row }) => row.id),
    productIds: [...new Set([...explicit, ...generated.map(([, id]) => id)])],
    generatedIds: new Map(generated),
    version,
  }
}
