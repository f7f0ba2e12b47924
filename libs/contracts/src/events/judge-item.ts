import { AppError } from '../app-error.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../json-value.ts'
import type { EventOperation } from './envelope.ts'
import type { Kind } from './kinds.ts'
import { readLegacyProduct } from './legacy-product.ts'
import { validateItem } from './validate-item.ts'

/** Whose words an item is: of a client of ingest-api, or of a third party that published it by itself. */
export type ItemOrigin = 'posted' | 'raw'

/**
 * The one judge of what an event may be. ingest-api asks it before it accepts an item, the consumer before it makes a row of
 * one: what the one accepts, the other stores, as the same event. Forms that only third parties publish (a bare metric,
 * capitalised members of a product) are recognised in raw messages alone, so that nothing is read in two ways.
 *
 * @returns the item in the form of its contract: a metric with its `data`, a product with lower-case members; the item
 * itself where it has that form already. It is never changed
 * @throws AppError invalid_field | missing_field | text_too_long, with the field and what was expected
 */
export function judgeItem(
  kind: Kind,
  operation: EventOperation,
  item: JsonValue,
  origin: ItemOrigin,
): JsonObject {
  if (kind === 'products') return judgeProduct(operation, item, origin)
  if (operation === 'delete') {
    throw new AppError('invalid_field', 'Only products can be deleted', { field: 'op', expected: 'upsert' })
  }
  if (kind === 'metrics' && origin === 'raw' && isBareMetric(item)) {
    validateItem('metric-data', item)
    return { data: item }
  }
  validateItem(kind, item)
  return item as JsonObject
}

function judgeProduct(operation: EventOperation, item: JsonValue, origin: ItemOrigin): JsonObject {
  const shape = operation === 'delete' ? 'product-deletion' : 'products'
  const product = origin === 'raw' && shape === 'products' ? readLegacyProduct(item) : item
  validateItem(shape, product)
  return product as JsonObject
}

/** It has no object as its `data`, or a `value` beside it. */
function isBareMetric(item: JsonValue): boolean {
  return !isJsonObject(item) || !isJsonObject(item['data']) || item['value'] !== undefined
}
