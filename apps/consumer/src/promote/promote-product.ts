import {
  AppError,
  isJsonObject,
  validateItem,
  type JsonObject,
  type JsonValue,
  type Product,
} from '@runnel/contracts'
import type { ProductRow } from '@runnel/repositories'
import type { IncomingEvent } from '../incoming-event.ts'

/** What a Go service with default JSON names publishes. */
const CAPITALISED: Record<string, string> = {
  ID: 'id',
  Name: 'name',
  Price: 'price',
  Manufacturer: 'manufacturer',
}

/** Members that have a column; the rest are attributes. */
const COLUMNS = new Set(['id', 'name', 'price', 'manufacturer', 'eventId'])

/**
 * A product event as a row. What was sent stays as it is in `data`; the product is made of it.
 *
 * @throws AppError when it names no product, or a known member has the wrong type
 */
export function promoteProduct({ id, key, op, data }: IncomingEvent): ProductRow {
  const head = { id, ...(key !== undefined && { key }), op, data }
  return op === 'delete' ? { ...head, ...deletion(data) } : { ...head, ...upsert(data) }
}

function deletion(data: JsonValue) {
  validateItem('product-deletion', data)
  const productId = (data as { id: number }).id
  return { productId, name: '', price: 0, manufacturer: null, attributes: {}, version: null }
}

function upsert(data: JsonValue) {
  if (!isJsonObject(data)) throw new AppError('invalid_field', 'A product is a JSON object')
  const item = lowerKnownNames(data)
  validateItem('products', item)
  const { id, name, price, manufacturer, version } = item as Product & JsonObject
  const versioned = Number.isSafeInteger(version)
  const isAttribute = (member: string) => !COLUMNS.has(member) && !(versioned && member === 'version')
  return {
    productId: id === undefined || id === 0 ? null : id,
    name,
    price,
    manufacturer: manufacturer ?? null,
    attributes: Object.fromEntries(Object.entries(item).filter(([member]) => isAttribute(member))),
    version: versioned ? (version as number) : null,
  }
}

/** A capitalised name gives way where the lower-case one is there as well. */
function lowerKnownNames(data: JsonObject): JsonObject {
  const lowered = (name: string) => {
    const known = Object.hasOwn(CAPITALISED, name) ? CAPITALISED[name]! : name
    return Object.hasOwn(data, known) ? name : known
  }
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [lowered(name), value]))
}
