import { hashToUuid } from './claim-keys.ts'
import type { ProductRow } from './event-rows.ts'

/** A product event together with what decides which product it is about, and which event is the newer one. */
export interface IdentifiedProduct {
  readonly row: ProductRow
  /** Null where the id decides. */
  readonly naturalKey: string | null
  /** The client's own version, else the time at which it was first received. */
  readonly version: number
}

/** Adds identity and version. Without an id, manufacturer and name say which product it is. */
export function identifyProduct(row: ProductRow): IdentifiedProduct {
  return {
    row,
    naturalKey: row.productId === null ? hashToUuid(row.manufacturer ?? '', row.name) : null,
    version: row.version ?? row.receivedMs,
  }
}

/**
 * The newest event of each product, in the order in which rows are locked: by id, then by natural key. Every batch
 * locks in this order, so that two of them cannot deadlock.
 */
export function newestPerProduct(products: readonly IdentifiedProduct[]): IdentifiedProduct[] {
  const newest = new Map<string, IdentifiedProduct>()
  for (const product of products) {
    const identity = product.naturalKey ?? String(product.row.productId).padStart(16, '0')
    const other = newest.get(identity)
    if (!other || isNewer(product, other)) newest.set(identity, product)
  }
  return [...newest].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, product]) => product)
}

function isNewer(a: IdentifiedProduct, b: IdentifiedProduct): boolean {
  return a.version !== b.version ? a.version > b.version : a.row.id > b.row.id
}
