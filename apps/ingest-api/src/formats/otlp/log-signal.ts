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
import type { Origin } from './origin.ts'
import { isPlainText, writeJson, type WrittenJson } from './plain-json.ts'
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
      toEvents: (piece) => {
        const record = source.read(LogRecordSchema, piece)
        const hasTime = record.timeUnixNano !== 0n || record.observedTimeUnixNano !== 0n
        return { events: [writeLog(record, origin())], hasTime }
      },
    },
  ],
}

/** Levels by severity numbers, four to a level. */
const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal']

/**
 * What is not set has no member: severityText without a number is read as the level by the table of log members. The text is put together
 * from those of its members: to make values of them and text of the values takes three times as long.
 */
function writeLog(record: LogRecord, origin: Origin): WrittenEvent {
  const { severityNumber, timeUnixNano, observedTimeUnixNano } = record
  const { attributes, service, resource, isPlain } = writeAttributes(origin, record.attributes)
  const timestamp = timeOfNanos(timeUnixNano === 0n ? observedTimeUnixNano : timeUnixNano)
  const level = LEVELS[(severityNumber - 1) >> 2]
  const content = writeContent(record)
  const severityText = JSON.stringify(record.severityText)
  let text = timestamp === undefined ? '{' : `{"timestamp":"${timestamp}",`
  if (level !== undefined) text += `"level":"${level}",`
  if (service !== undefined) text += `"service":${service},`
  text += `${content.json}"attributes":${attributes}`
  // INFO2 is no less info than INFO, but it is another number.
  if (severityNumber !== 0 && (severityNumber - 1) % 4 !== 0) text += `,"severityNumber":${severityNumber}`
  if (record.severityText !== '') text += `,"severityText":${severityText}`
  text += writeContext(record)
  if (timeUnixNano !== 0n && observedTimeUnixNano !== timeUnixNano) {
    const observed = timeOfNanos(observedTimeUnixNano)
    if (observed !== undefined) text += `,"observedTimestamp":"${observed}"`
  }
  if (origin.written.scope !== undefined) text += `,"scope":${origin.written.scope}`
  if (resource !== undefined) text += `,"resource":${resource}`
  return {
    text: `${text}}`,
    isPlain: isPlain && content.isPlain && isPlainText(severityText, record.severityText),
  }
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

/** Members with commas before them. */
function writeContext({ traceId, spanId, flags, droppedAttributesCount }: LogRecord): string {
  const [trace, span] = [toHexId(traceId), toHexId(spanId)]
  let text = ''
  if (trace !== undefined) text += `,"traceId":"${trace}"`
  if (span !== undefined) text += `,"spanId":"${span}"`
  if (flags !== 0) text += `,"flags":${flags}`
  if (droppedAttributesCount !== 0) text += `,"droppedAttributesCount":${droppedAttributesCount}`
  return text
}

function toText(content: JsonValue | undefined): string | undefined {
  return typeof content === 'string' || content === undefined ? content : JSON.stringify(content)
}
