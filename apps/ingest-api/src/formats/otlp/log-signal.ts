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
import { writeLogText } from './log-text.ts'
import type { Origin } from './origin.ts'
import { isPlainText, writeJson, type WrittenJson } from './plain-json.ts'
import { putPlainLog } from './put-plain-log.ts'
import type { OtlpSignal, WrittenEvent } from './signal.ts'
import { writeAttributes } from './write-attributes.ts'

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
      putPlain: (piece, out) => {
        const bytes = source.protobufOf(piece)
        if (bytes === undefined) return undefined
        const from = origin()
        return from.written.isPlain ? putPlainLog(bytes, from, out) : undefined
      },
      toEvents: (piece) => {
        const record = source.read(LogRecordSchema, piece)
        const hasTime = record.timeUnixNano !== 0n || record.observedTimeUnixNano !== 0n
        return { events: [writeLog(record, origin())], hasTime }
      },
    },
  ],
}

function writeLog(record: LogRecord, origin: Origin): WrittenEvent {
  const { severityNumber, flags, droppedAttributesCount } = record
  const [time, observed] = [timeOfNanos(record.timeUnixNano), timeOfNanos(record.observedTimeUnixNano)]
  const content = writeContent(record)
  const severityText = JSON.stringify(record.severityText)
  return writeLogText(
    {
      timestamp: time ?? observed,
      observedTimestamp: time === undefined || observed === time ? undefined : observed,
      severityNumber,
      severityText,
      content: content.json,
      attributes: writeAttributes(origin, record.attributes),
      traceId: toHexId(record.traceId),
      spanId: toHexId(record.spanId),
      flags,
      droppedAttributesCount,
      isPlain: content.isPlain && isPlainText(severityText, record.severityText),
    },
    origin,
  )
}

/** Members with commas behind them. */
function writeContent({ body, eventName }: LogRecord): WrittenJson {
  if (body?.value.case === 'stringValue' && eventName === '') {
    const json = JSON.stringify(body.value.value)
    return { json: `"message":${json},`, isPlain: isPlainText(json, body.value.value) }
  }
  const isText = body?.value.case === 'stringValue'
  const content = body?.value.case === undefined ? undefined : toJson(body)
  const members: JsonObject = {}
  const message = isText || eventName === '' ? toText(content) : eventName
  if (message !== undefined) members['message'] = message
  if (eventName !== '') members['eventName'] = eventName
  if (!isText && content !== undefined) members['body'] = content
  const { json, isPlain } = writeJson(members)
  return { json: json === '{}' ? '' : `${json.slice(1, -1)},`, isPlain }
}

function toText(content: JsonValue | undefined): string | undefined {
  return typeof content === 'string' || content === undefined ? content : JSON.stringify(content)
}
