export { AppError, type ErrorCode, type ErrorDetails } from './app-error.ts'
export type { ChangeNotice } from './change-notice.ts'
export { checkJson, MAX_DEPTH, MAX_INDEXED_TEXT_BYTES } from './check-json.ts'
export {
  decodeEnvelope,
  encodeEnvelope,
  encodeEvent,
  HEADERS,
  type EnvelopeEvent,
  type EnvelopeItem,
  type EventOperation,
  type StoredReply,
} from './envelope.ts'
export { createEventIds, eventTimeMs, isEventId, rawEventId, type NextEventId } from './event-id.ts'
export { FIRST_GENERATED_PRODUCT_ID, MAX_KEY_BYTES } from './events/limits.ts'
export { LogSchema, type Log } from './events/log.ts'
export { MetricDataSchema, MetricSchema, type Metric, type MetricData } from './events/metric.ts'
export { ProductDeletionSchema, ProductSchema, type Product } from './events/product.ts'
export { ownKey } from './events/own-key.ts'
export { parseTimestamp } from './events/timestamp.ts'
export {
  addKeywords,
  createStrictAjv,
  describeSchemaError,
  validateItem,
  type ItemShape,
} from './events/validate-item.ts'
export { isJsonObject, type JsonObject, type JsonValue } from './json-value.ts'
export { isKind, KINDS, type Kind } from './kinds.ts'
export { decodeUtf8, parseJson, readJson, writeJson } from './parse-json.ts'
export { parseText } from './parse-text.ts'
export { createTopology, type Topology } from './subjects.ts'
