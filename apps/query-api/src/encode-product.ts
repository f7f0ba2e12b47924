import type { ProductEntry } from '@runnel/contracts/api/product'
import type { StoredProduct } from '@runnel/repositories-events'

/** A product as the API answers it. */
export function encodeProduct({ updatedAtMs, ...product }: StoredProduct): Buffer {
  const { id, name, price, manufacturer, attributes, version } = product
  const updatedAt = new Date(updatedAtMs).toISOString()
  const answer: ProductEntry = { id, name, price, manufacturer, attributes, version, updatedAt }
  return Buffer.from(JSON.stringify(answer))
}
