import { isJsonObject, type JsonObject, type JsonValue } from '../json-value.ts'

/** What a Go service with default JSON names publishes. */
const CAPITALISED: ReadonlyMap<string, string> = new Map([
  ['ID', 'id'],
  ['Name', 'name'],
  ['Price', 'price'],
  ['Manufacturer', 'manufacturer'],
])

const LOWER_CASE = [...CAPITALISED.values()]

/**
 * The members of a product by their names of today. A product that has one of them already is not of the legacy form: there,
 * a capitalised member is an attribute like any other.
 *
 * @returns the item itself where there is nothing to rename
 */
export function readLegacyProduct(item: JsonValue): JsonValue {
  if (!isJsonObject(item) || LOWER_CASE.some((name) => Object.hasOwn(item, name))) return item
  if (![...CAPITALISED.keys()].some((name) => Object.hasOwn(item, name))) return item
  const renamed: JsonObject = {}
  for (const name in item) {
    const value = item[name]!
    // `__proto__` can be defined and not be assigned.
    if (name === '__proto__')
      Object.defineProperty(renamed, name, { configurable: true, enumerable: true, writable: true, value })
    else renamed[CAPITALISED.get(name) ?? name] = value
  }
  return renamed
}
