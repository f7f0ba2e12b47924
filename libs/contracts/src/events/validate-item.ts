import type { ValidateFunction } from 'ajv'
import { toInteger } from '../decimal.ts'
import { isExactNumber, isJsonObject, type JsonObject, type JsonValue } from '../json-value.ts'
import { createStrictAjv, describeSchemaError } from '../strict-ajv.ts'
import type { Kind } from './kinds.ts'
import { LogSchema } from './log.ts'
import { MetricDataSchema, MetricSchema } from './metric.ts'
import { parseTimestamp } from './parse-timestamp.ts'
import { ProductDeletionSchema, ProductSchema } from './product.ts'
import { SpanSchema } from './span.ts'

/** What may be checked: an item of a kind as it is POSTed, a bare metric from the broker, or a deletion. */
export type ItemShape = Kind | 'metric-data' | 'product-deletion'

const ajv = createStrictAjv()
const validators: Record<ItemShape, ValidateFunction> = {
  metrics: ajv.compile(MetricSchema),
  logs: ajv.compile(LogSchema),
  products: ajv.compile(ProductSchema),
  traces: ajv.compile(SpanSchema),
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
  if (!validate(withDoubles(shape, item))) throw describeSchemaError(validate.errors?.[0])
}

/** Members of each shape that may be numbers. */
const NUMBERS: Readonly<Record<ItemShape, (item: JsonObject) => JsonObject>> = {
  metrics: (item) => replaceMember(item, 'data', withDoublesInMetric),
  logs: (item) => item,
  products: (item) => withIntegers(replaceMember(item, 'price', someDouble)),
  traces: withDoublesInSpan,
  'metric-data': (item) => withDoublesInMetric(item) as JsonObject,
  'product-deletion': withIntegers,
}

/** Ajv knows no numbers but doubles: those with a text are replaced in a copy, at the places where the schemas have numbers. */
function withDoubles(shape: ItemShape, item: JsonValue): JsonValue {
  return isJsonObject(item) ? NUMBERS[shape](item) : someDouble(item)
}

function withIntegers(product: JsonObject): JsonObject {
  return replaceMember(replaceMember(product, 'id', asInteger), 'version', asInteger)
}

function withDoublesInMetric(data: JsonValue): JsonValue {
  if (!isJsonObject(data)) return someDouble(data)
  const withValue = replaceMember(data, 'value', someDouble)
  const withTime = replaceMember(withValue, 'timestamp', checkedTime)
  return replaceMember(withTime, 'tags', withDoublesInTags)
}

/** Where an object is expected, a number with its text would be taken for one. */
function withDoublesInSpan(span: JsonObject): JsonObject {
  let copy = span
  for (const name of SPAN_TIMES) copy = replaceMember(copy, name, checkedTime)
  for (const name in span) if (!SPAN_TIMES.has(name)) copy = replaceMember(copy, name, someDouble)
  return copy
}

const SPAN_TIMES: ReadonlySet<string> = new Set(['startTime', 'endTime'])

function withDoublesInTags(tags: JsonValue): JsonValue {
  if (!isJsonObject(tags)) return someDouble(tags)
  let copy: JsonObject | undefined
  for (const name in tags) if (isExactNumber(tags[name])) (copy ??= { ...tags })[name] = 0
  return copy ?? tags
}

/** Where any number will do: one with a text may lie beyond doubles. */
function someDouble(value: JsonValue): JsonValue {
  return isExactNumber(value) ? 0 : value
}

/** A time where the number is one: the schema cannot look at all digits. */
function checkedTime(value: JsonValue): JsonValue {
  if (!isExactNumber(value)) return value
  return parseTimestamp(value) === undefined ? Number.MAX_VALUE : '1970-01-01'
}

function asInteger(value: JsonValue): JsonValue {
  return isExactNumber(value) ? toInteger(value) : value
}

/** @returns the same object where nothing is to be replaced */
function replaceMember(
  object: JsonObject,
  name: string,
  replace: (value: JsonValue) => JsonValue,
): JsonObject {
  const value = Object.hasOwn(object, name) ? object[name]! : null
  const replaced = typeof value === 'object' ? replace(value) : value
  return replaced === value ? object : { ...object, [name]: replaced }
}
