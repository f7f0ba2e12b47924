import type { JsonObject, JsonValue } from '@runnel/contracts'
import { ExportLogsServiceRequestSchema } from '@runnel/wire/opentelemetry/collector/logs/v1/logs_service'
import {
  LogRecordSchema,
  ResourceLogsSchema,
  ScopeLogsSchema,
  type LogRecord,
} from '@runnel/wire/opentelemetry/logs/v1/logs'
import { toJson } from './any-value.ts'
import { toHexId, toTimestamp } from './nano-time.ts'
import { mergeAttributes, type Origin } from './origin.ts'
import type { OtlpSignal } from './signal.ts'

export const logSignal: OtlpSignal = {
  url: '/v1/logs',
  access: 'logs:write',
  summary: 'Log records of OpenTelemetry (OTLP/HTTP)',
  kind: 'logs',
  resources: ExportLogsServiceRequestSchema.field.resourceLogs,
  resourceContainer: ResourceLogsSchema,
  scopes: ResourceLogsSchema.field.scopeLogs,
  scopeContainer: ScopeLogsSchema,
  records: ScopeLogsSchema.field.logRecords,
  response: { rejectedName: 'rejectedLogRecords', recordsName: 'log records' },
  openRecords: (source, records, origin) => [
    {
      items: records,
      toEvents: (piece) => {
        const event = toLog(source.read(LogRecordSchema, piece), origin())
        return { events: [event], hasTime: event['timestamp'] !== undefined }
      },
    },
  ],
}

/** Levels by severity numbers, four to a level. */
const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal']

/** What is not set has no member: severityText without a number is read as the level by the table of log members. */
function toLog(record: LogRecord, origin: Origin): JsonObject {
  const { severityNumber, severityText, eventName, flags, droppedAttributesCount, body } = record
  const { attributes, service, resource } = mergeAttributes(origin, record.attributes)
  const observed = toTimestamp(record.observedTimeUnixNano)
  const timestamp = toTimestamp(record.timeUnixNano) ?? observed
  const level = LEVELS[(severityNumber - 1) >> 2]
  const [traceId, spanId] = [toHexId(record.traceId), toHexId(record.spanId)]
  const isText = body?.value.case === 'stringValue'
  const content = body?.value.case === undefined ? undefined : toJson(body)
  const message = isText || eventName === '' ? toText(content) : eventName
  return {
    ...(timestamp !== undefined && { timestamp }),
    ...(level !== undefined && { level }),
    ...(service !== undefined && { service }),
    ...(message !== undefined && { message }),
    attributes,
    // INFO2 is no less info than INFO, but it is another number.
    ...(severityNumber !== 0 && (severityNumber - 1) % 4 !== 0 && { severityNumber }),
    ...(severityText !== '' && { severityText }),
    ...(eventName !== '' && { eventName }),
    ...(!isText && content !== undefined && { body: content }),
    ...(traceId !== undefined && { traceId }),
    ...(spanId !== undefined && { spanId }),
    ...(flags !== 0 && { flags }),
    ...(observed !== undefined && observed !== timestamp && { observedTimestamp: observed }),
    ...(droppedAttributesCount !== 0 && { droppedAttributesCount }),
    ...(origin.scope !== undefined && { scope: origin.scope }),
    ...(resource !== undefined && { resource }),
  }
}

function toText(content: JsonValue | undefined): string | undefined {
  return typeof content === 'string' || content === undefined ? content : JSON.stringify(content)
}
