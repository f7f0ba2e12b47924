import type { JsonObject, JsonValue } from '@runnel/contracts'
import { ExportLogsServiceRequestSchema } from '@runnel/wire/opentelemetry/collector/logs/v1/logs_service'
import {
  LogRecordSchema,
  ResourceLogsSchema,
  ScopeLogsSchema,
  type LogRecord,
} from '@runnel/wire/opentelemetry/logs/v1/logs'
import { toJson } from './any-value.ts'
import { toHexId } from '../shared/hex-id.ts'
import { timeOfNanos } from '../shared/time-of-nanos.ts'
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

/**
 * What is not set has no member: severityText without a number is read as the level by the table of log members. Members are assigned one
 * by one, because spread conditions take four times as long.
 */
function toLog(record: LogRecord, origin: Origin): JsonObject {
  const { severityNumber, severityText, timeUnixNano, observedTimeUnixNano } = record
  const { attributes, service, resource } = mergeAttributes(origin, record.attributes)
  const timestamp = timeOfNanos(timeUnixNano === 0n ? observedTimeUnixNano : timeUnixNano)
  const level = LEVELS[(severityNumber - 1) >> 2]
  const log: JsonObject = {}
  if (timestamp !== undefined) log['timestamp'] = timestamp
  if (level !== undefined) log['level'] = level
  if (service !== undefined) log['service'] = service
  addContent(log, record)
  log['attributes'] = attributes
  // INFO2 is no less info than INFO, but it is another number.
  if (severityNumber !== 0 && (severityNumber - 1) % 4 !== 0) log['severityNumber'] = severityNumber
  if (severityText !== '') log['severityText'] = severityText
  addContext(log, record)
  if (timeUnixNano !== 0n && observedTimeUnixNano !== timeUnixNano) {
    const observed = timeOfNanos(observedTimeUnixNano)
    if (observed !== undefined) log['observedTimestamp'] = observed
  }
  if (origin.scope !== undefined) log['scope'] = origin.scope
  if (resource !== undefined) log['resource'] = resource
  return log
}

function addContent(log: JsonObject, { body, eventName }: LogRecord): void {
  const isText = body?.value.case === 'stringValue'
  const content = body?.value.case === undefined ? undefined : toJson(body)
  const message = isText || eventName === '' ? toText(content) : eventName
  if (message !== undefined) log['message'] = message
  if (eventName !== '') log['eventName'] = eventName
  if (!isText && content !== undefined) log['body'] = content
}

function addContext(log: JsonObject, { traceId, spanId, flags, droppedAttributesCount }: LogRecord): void {
  const [trace, span] = [toHexId(traceId), toHexId(spanId)]
  if (trace !== undefined) log['traceId'] = trace
  if (span !== undefined) log['spanId'] = span
  if (flags !== 0) log['flags'] = flags
  if (droppedAttributesCount !== 0) log['droppedAttributesCount'] = droppedAttributesCount
}

function toText(content: JsonValue | undefined): string | undefined {
  return typeof content === 'string' || content === undefined ? content : JSON.stringify(content)
}
