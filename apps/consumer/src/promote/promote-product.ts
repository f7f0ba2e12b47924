import {
  judgeItem,
  readProductVersion,
  toInteger,
  type JsonNumber,
  type JsonObject,
  type Product,
} from '@runnel/contracts'
import { setMember } from '@runnel/json'
import type { ProductRow } from '@runnel/repositories-events'
import { originOf, type IncomingEvent } from '../incoming-event.ts'

/** Members of a product that are no attributes. */
const KNOWN: ReadonlySet<string> = new Set(['id', 'name', 'price', 'manufacturer', 'eventId', 'version'])

/**
 * A product event as a row. What was sent stays as it is in `data`; the product is made of it.
 *
 * @throws AppError when it names no product, or a known member has the wrong type
 */
export function promoteProduct({ id, key, op, data, form, receivedMs, position }: IncomingEvent): ProductRow {
  const item = judgeItem('products', op, data, originOf(form))
  const head = { id, key, op, data, position, version: readProductVersion(item, receivedMs) }
  return op === 'delete' ? { ...head, ...deletion(item) } : { ...head, ...upsert(item) }
}

function deletion(item: JsonObject) {
  const productId = toInteger(item['id'] as JsonNumber)
  return { productId, name: '', price: 0, manufacturer: null, attributes: {} }
}

/** A checked product: its numbers may have a text. */
type CheckedProduct = Omit<Product, 'id' | 'price'> & { id?: JsonNumber; price: JsonNumber }

function upsert(item: JsonObject) {
  const { id, name, price, manufacturer } = item as unknown as CheckedProduct
  return {
    productId: id === undefined ? null : toInteger(id) || null,
    name,
    price,
    manufacturer: manufacturer ?? null,
    attributes: takeAttributes(item),
  }
}

/** One by one: a rest pattern would look at a hundred thousand attributes for twice as long. */
function takeAttributes(product: JsonObject): JsonObject {
  const attributes: JsonObject = {}
  for (const name in product) if (!KNOWN.has(name)) setMember(attributes, name, product[name]!)
  return attributes
}
