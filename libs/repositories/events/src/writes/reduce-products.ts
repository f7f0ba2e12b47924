import { encodePosition } from './encode-position.ts'
import { hashToUuid } from './hash-to-uuid.ts'
import type { ProductRow } from './event-rows.ts'

/** A product event together with what decides which product it is about. */
export interface IdentifiedProduct {
  readonly row: ProductRow
  /** Null where the id decides. */
  readonly naturalKey: string | null
}

/** Without an id, manufacturer and name say which product it is. */
export function identifyProduct(row: ProductRow): IdentifiedProduct {
  return { row, naturalKey: row.productId === null ? hashToUuid(row.manufacturer ?? '', row.name) : null }
}

/** An event with its place in the order of all events of its product. */
export interface PlacedProduct extends IdentifiedProduct {
  readonly position: string
  /** Of its position, in milliseconds since 1970. */
  readonly positionMs: number
}

export function placeProduct(product: IdentifiedProduct): PlacedProduct | undefined {
  const { position } = product.row
  return position && { ...product, position: encodePosition(position), positionMs: position.timeMs }
}

/** Of the events of one product, those of which one will be shown. */
export interface ProductCandidates {
  readonly first: PlacedProduct
  /** Without a version, where the first one has one. */
  readonly second?: PlacedProduct
}

/**
 * Of each product the event with the greatest version and the last one without a version, in the order in which rows are
 * locked: by id, then by natural key. Every batch locks in this order, so that two of them cannot deadlock.
 *
 * @param products an event that is there twice counts at its first position
 */
export function reduceProducts(products: readonly PlacedProduct[]): ProductCandidates[] {
  const groups = new Map<string, { versioned?: PlacedProduct; unversioned?: PlacedProduct }>()
  for (const product of firstOfEach(products)) {
    const identity = product.naturalKey ?? String(product.row.productId).padStart(16, '0')
    const group = groups.get(identity) ?? {}
    const kind = product.row.version === null ? 'unversioned' : 'versioned'
    const other = group[kind]
    if (!other || isNewer(product, other)) group[kind] = product
    groups.set(identity, group)
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { versioned, unversioned }]) =>
      versioned && unversioned
        ? { first: versioned, second: unversioned }
        : { first: (versioned ?? unversioned)! },
    )
}

/** An envelope that was published again may stand in one batch twice. */
function firstOfEach(products: readonly PlacedProduct[]): Iterable<PlacedProduct> {
  const first = new Map<string, PlacedProduct>()
  for (const product of products) {
    const other = first.get(product.row.id)
    if (!other || product.position < other.position) first.set(product.row.id, product)
  }
  return first.values()
}

function isNewer(a: PlacedProduct, b: PlacedProduct): boolean {
  const [one, other] = [a.row.version ?? 0, b.row.version ?? 0]
  return one !== other ? one > other : a.position > b.position
}
