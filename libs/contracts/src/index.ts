export { KeyQuotasSchema, type KeyQuotas, type QuotaName } from './access/key-quotas.ts'
export { VERSION } from './version.ts'
export { ROLES, SCOPES_OF_ROLE, type Role } from './access/roles.ts'
export { isScope, SCOPES, type Scope } from './access/scopes.ts'
export { AppError, KEY_REUSED, type ErrorCode, type ErrorDetails } from './app-error.ts'
export { csvCell, readCsvCell } from './csv/csv-cell.ts'
export type { ChangeNotice } from './events/change-notice.ts'
export { isPlausibleTime, parseClockNotice, type ClockNotice } from './events/clock-notice.ts'
export type { LogNotice, StoredLogEntry } from './events/log-notice.ts'
export {
  encodeBrokerPosition,
  isPositionAfter,
  parseBrokerPosition,
  type BrokerPosition,
} from './events/broker-position.ts'
export {
  HEADERS,
  POSITION_HEADER,
  type EnvelopeEvent,
  type EnvelopeItem,
  type EventForm,
  type EventOperation,
  type StoredReply,
  type DuplicateEvent,
} from './events/envelope.ts'
export { createEventIds, eventTimeMs, isEventId, rawEventId, type NextEventId } from './events/event-id.ts'
export {
  FIRST_GENERATED_PRODUCT_ID,
  isIndexedText,
  MAX_INDEXED_TEXT_BYTES,
  MAX_KEY_BYTES,
} from './events/limits.ts'
export { LogSchema } from './events/log.ts'
export { MetricSchema, type MetricData } from './events/metric.ts'
export { ProductDeletionSchema, ProductSchema, type Product } from './events/product.ts'
export { readTraceId } from './events/read-trace-id.ts'
export { readNanoseconds } from './events/read-nanoseconds.ts'
export {
  SPAN_KINDS,
  SPAN_STATUSES,
  SpanSchema,
  type Span,
  type SpanKind,
  type SpanStatus,
} from './events/span.ts'
export { readProductVersion } from './events/product-version.ts'
export {
  encodeItemIdentity,
  hashItemText,
  parseItemIdentity,
  placeKey,
  requestKeyOf,
} from './events/item-identity.ts'
export { ownKey } from './events/own-key.ts'
export { LEVEL_BLANKS, LEVELS, levelOfSyslog, readLevelName, spellingsOf } from './events/levels.ts'
export { LOG_MEMBERS } from './events/log-members.ts'
export { LOG_COLUMN_MEMBERS, readLogColumns } from './events/read-log-columns.ts'
export { FIRST_TIME_MS, LAST_TIME_MS, parseTimestamp } from './events/parse-timestamp.ts'
export { judgeItem, type ItemOrigin } from './events/judge-item.ts'
export {
  canonicalNumber,
  compareDecimals,
  numericLength,
  readDecimal,
  toDouble,
  toInteger,
  writeNumeric,
} from './decimal.ts'
export {
  isExactNumber,
  isJsonObject,
  type ExactNumber,
  type JsonNumber,
  type JsonObject,
  type JsonValue,
} from './json-value.ts'
export { isKind, KINDS, type Kind } from './events/kinds.ts'
export {
  ClientInputSchema,
  ClientPatchSchema,
  ClientRowSchema,
  MAX_ATTRIBUTES_BYTES,
  type ClientInput,
  type ClientPatch,
  type ClientRow,
} from './mailings/client.ts'
export {
  ADDRESS_CHANNELS,
  type AddressChannel,
  type ChannelName,
  CHANNELS,
  MAX_EMAIL_BYTES,
  MAX_WEBHOOK_URL_BYTES,
} from './mailings/channels.ts'
export { mergePatch } from './merge-patch.ts'
export { SuppressionInputSchema, type SuppressionInput } from './mailings/suppression.ts'
export { AUDIT_SUBJECTS, type AuditSubject } from './mailings/audit.ts'
export { PHONE, PHONE_EXPECTED } from './mailings/phone.ts'
export { parseTimeZone, timeZoneNames } from './mailings/parse-time-zone.ts'
export { gatewayPath, type GatewayRequest } from './mailings/gateway.ts'
export {
  MAX_MAILING_DAYS,
  MAX_MAILING_NAME_BYTES,
  MAX_TEMPLATE_BYTES,
  MAX_TEXT_CHARACTERS,
} from './mailings/limits.ts'
export {
  MailingEditSchema,
  MailingInputSchema,
  MailingPreviewSchema,
  type MailingPreview,
  TestSendSchema,
  type TestSend,
  type MailingEdit,
  type MailingInput,
} from './mailings/mailing.ts'
export {
  MAILING_STATUSES,
  MESSAGE_STATUSES,
  MESSAGE_TRANSITIONS,
  OPEN_MESSAGE_STATUSES,
  type MailingStatus,
  type MessageStatus,
} from './mailings/statuses.ts'
export { formatTimeOfDay, parseTimeOfDay, type LocalWindow } from './mailings/window.ts'
export { createTopology, type Topology } from './events/subjects.ts'
export { addKeywords, createStrictAjv, describeSchemaError } from './strict-ajv.ts'
