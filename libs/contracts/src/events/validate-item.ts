import type { ValidateFunction } from 'ajv'
import type { JsonValue } from '../json-value.ts'
import { createStrictAjv, describeSchemaError } from '../strict-ajv.ts'
import type { Kind } from './kinds.ts'
import { LogSchema } from './log.ts'
import { MetricDataSchema, MetricSchema } from './metric.ts'
import { ProductDeletionSchema, ProductSchema } from './product.ts'

/** What may be checked: an item of a kind as it is POSTed, a bare metric from the broker, or a deletion. */
export type ItemShape = Kind | 'metric-data' | 'product-deletion'

const ajv = createStrictAjv()
const validators: Record<ItemShape, ValidateFunction> = {
  metrics: ajv.compile(MetricSchema),
  logs: ajv.compile(LogSchema),
  products: ajv.compile(ProductSchema),
  'metric-data': ajv.compile(MetricDataSchema),
  'product-deletion': ajv.compile(ProductDeletionSchema),
}

/**
 * Checks an item against the published schema of its kind, without changing it. Which schema an item has to fit is for
 * {@link judgeItem} to say.
 *
 * @throws AppError invalid_field | missing_field | text_too_long, with the field and what was expected
 */
export function validateItem(shape: ItemShape, item: JsonValue): void {
  const validate = validators[shape]
  if (!validate(item)) throw describeSchemaError(validate.errors?.[0])
}
