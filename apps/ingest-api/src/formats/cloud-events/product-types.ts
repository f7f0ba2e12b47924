import type { EventOperation } from '@runnel/contracts'

/** What happened to a product, as types of events name it. */
const OPERATIONS: ReadonlyMap<string, EventOperation> = new Map([
  ...['created', 'updated', 'upserted', 'changed'].map((verb) => [verb, 'upsert'] as const),
  ...['deleted', 'removed'].map((verb) => [verb, 'delete'] as const),
])

/**
 * Whether a type is about the state of a product: `com.shop.product.created`, also with a version behind it. Others
 * (`product.viewed`) say nothing about its state.
 */
export function isProductType(type: string): boolean {
  const parts = type.toLowerCase().split('.')
  const verb = parts[parts.lastIndexOf('product') + 1]
  return parts.includes('product') && verb !== undefined && OPERATIONS.has(verb)
}

/** Of an event about a product, whatever its type is called: a deletion says so. */
export function operationOf(type: string): EventOperation {
  const verb = type
    .toLowerCase()
    .split('.')
    .findLast((part) => OPERATIONS.has(part))
  return (verb !== undefined && OPERATIONS.get(verb)) || 'upsert'
}
