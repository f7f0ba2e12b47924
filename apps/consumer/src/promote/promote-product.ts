import {
  AppError,
  isJsonObject,
  validateItem,
  type JsonObject,
  type JsonValue,
  type Product,
} from '@runnel/contracts'
import { setMember } from '@runnel/json'
import type { ProductRow } from '@runnel/repositories-events'
import type { IncomingEvent } from '../incoming-event.ts'

/** Members of a product that are no attributes. */
const KNOWN: ReadonlySet<string> = new Set(['id', 'name', 'price', 'manufacturer', 'eventId', 'version'])

/** What a Go service with default JSON names publishes. */
const CAPITALISED: ReadonlyMap<string, string> = new Map([
  ['ID', 'id'],
  ['Name', 'name'],
  ['Price', 'price'],
  ['Manufacturer', 'manufacturer'],
])

/**
 * A product event as a row. What was sent stays as it is in `data`; the product is made of it.
 *
 * @throws AppError when it names no product, or a known member has the wrong type
 */
export function promoteProduct({ id, key, op, data }: IncomingEvent): ProductRow {
  const head = { id, key, op, data }
  return op === 'delete' ? { ...head, ...deletion(data) } : { ...head, ...upsert(data) }
}

function deletion(data: JsonValue) {
  validateItem('product-deletion', data)
  const productId = (data as { id: number }).id
  return { productId, name: '', price: 0, manufacturer: null, attributes: {}, version: null }
}

function upsert(data: JsonValue) {
  if (!isJsonObject(data)) throw new AppError('invalid_field', 'A product is a JSON object')
  const { known, attributes } = takeApart(data)
  validateItem('products', known)
  const { id, name, price, manufacturer } = known as Product & JsonObject
  const version = known['version']
  const versioned = Number.isSafeInteger(version)
  if (!versioned && version !== undefined) attributes['version'] = version
  return {
    productId: id === undefined || id === 0 ? null : id,
    name,
    price,
    manufacturer: manufacturer ?? null,
    attributes,
    version: versioned ? (version as number) : null,
  }
}

/** One by one: a rest pattern would look at a hundred thousand attributes for twice as long. */
function takeApart(data: JsonObject): { known: JsonObject; attributes: JsonObject } {
  const known: JsonObject = {}
  const attributes: JsonObject = {}
  for (const name in data) {
    const lowered = lowerKnownName(name, data)
    if (KNOWN.has(lowered)) known[lowered] = data[name]!
    else setMember(attributes, lowered, data[name]!)
  }
  return { known, attributes }
}

/** A capitalised name gives way where the lower-case one is there as well. */
function lowerKnownName(name: string, data: JsonObject): string {
  const lowered = CAPITALISED.get(name)
  return lowered === undefined || Object.hasOwn(data, lowered) ? name : lowered
}
