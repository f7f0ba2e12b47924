import { fromBinary, fromJson, toBinary, toJson, type JsonValue, type Message } from '@bufbuild/protobuf'
import type { GenMessage } from '@bufbuild/protobuf/codegenv2'
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'
import { ExportLogsServiceRequestSchema } from '@runnel/wire/opentelemetry/collector/logs/v1/logs_service'
import { ExportMetricsServiceRequestSchema } from '@runnel/wire/opentelemetry/collector/metrics/v1/metrics_service'
import { ExportTraceServiceRequestSchema } from '@runnel/wire/opentelemetry/collector/trace/v1/trace_service'
import { messageOf } from '@runnel/wire/test/message-of'
import fc from 'fast-check'
import { isUtf8 } from 'node:buffer'
import { ensure } from '../ensure.ts'
import { hostileText } from '../inputs/hostile-text.ts'
import { anyJsonText } from '../inputs/json-text.ts'
import { repeated, slowObjects } from '../inputs/large-json.ts'
import { brokenBytes, mutatedBytes } from '../inputs/mutate.ts'
import type { AnyTarget, WorstCase } from '../target.ts'
import {
  BODY_BYTES,
  ensureSameEvents,
  formatTarget,
  worstOf,
  type Admitted,
  type WireBody,
} from './wire-formats.ts'
import { LOG, METRICS, nestedLog, RESOURCE, SPAN } from './otlp-bytes.ts'

const json = { 'content-type': 'application/json' }
const protobuf = { 'content-type': 'application/x-protobuf' }

/** Members as OTLP names them, at whatever places. */
const NAMES = [
  ...['attributes', 'key', 'value', 'values', 'body', 'stringValue', 'intValue', 'doubleValue', 'bytesValue'],
  ...['kvlistValue', 'arrayValue', 'timeUnixNano', 'time_unix_nano', 'severityNumber', 'traceId', 'flags'],
  ...['name', 'gauge', 'sum', 'histogram', 'dataPoints', 'asInt', 'asDouble', 'bucketCounts', 'exemplars'],
  ...['spanId', 'parentSpanId', 'startTimeUnixNano', 'endTimeUnixNano', 'kind', 'status', 'events', 'links'],
]

const VALUES = [
  ...['"1764000000123456789"', '9007199254740993', '"-9223372036854775808"', '"NaN"', '1e400', '-0', '""'],
  ...['"5B8EFFF798038103D269B633813FC60C"', '"AP8="', '"SEVERITY_NUMBER_WARN"', 'null', 'true', '[]', '{}'],
  ...['"eee19b7ec3c1b174"', '"SPAN_KIND_CLIENT"', '2'],
]

const { value: message } = fc.letrec<{ value: string }>((tie) => {
  const members = fc.array(fc.tuple(fc.constantFrom(...NAMES), tie('value')), { maxLength: 5 })
  return {
    value: fc.oneof(
      { depthSize: 'medium' },
      fc.oneof(
        fc.constantFrom(...VALUES),
        hostileText(8).map((text) => JSON.stringify(text)),
        anyJsonText,
      ),
      members.map((list) => `{${list.map(([name, text]) => `"${name}":${text}`).join(',')}}`),
      fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(',')}]`),
    ),
  }
})

/** The members of a request that hold one another. */
interface Containers {
  readonly resources: string
  readonly scopes: string
  readonly records: string
}

/** JSON with records of whatever members. */
function anyRecords({ resources, scopes, records }: Containers): fc.Arbitrary<string> {
  return fc
    .array(message, { maxLength: 4 })
    .map((texts) => `{"${resources}":[{"resource":{},"${scopes}":[{"${records}":[${texts.join(',')}]}]}]}`)
}

/** Messages within messages of a request, so that every type of value is met. */
const LEVELS = 5

/** Valid requests in both encodings, the same broken, and JSON of any members. */
function bodies(schema: GenMessage<Message>, containers: Containers): fc.Arbitrary<WireBody> {
  const messages = messageOf(schema, LEVELS)
  const texts = messages.map((one) => toOtlpJson(schema, one))
  return fc.oneof(
    {
      weight: 3,
      arbitrary: brokenBytes(messages.map((one) => toBinary(schema, one))).map((bytes) => ({
        bytes,
        headers: protobuf,
      })),
    },
    {
      weight: 3,
      arbitrary: mutatedBytes(fc.oneof(texts, anyRecords(containers))).map((bytes) => ({
        bytes,
        headers: json,
      })),
    },
  )
}

const HEX_IDS = new Set(['traceId', 'spanId', 'parentSpanId', 'trace_id', 'span_id', 'parent_span_id'])

/** OTLP has ids in hexadecimal, where the JSON of Protocol Buffers has base64. */
function recode(value: JsonValue, from: 'base64' | 'hex', to: 'base64' | 'hex'): JsonValue {
  if (Array.isArray(value)) return value.map((item) => recode(item, from, to))
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).map(([name, member]) => [
    name,
    HEX_IDS.has(name) && typeof member === 'string'
      ? Buffer.from(member, from).toString(to)
      : recode(member, from, to),
  ])
  return Object.fromEntries(members) as JsonValue
}

function toOtlpJson(schema: GenMessage<Message>, message: Message): string {
  return JSON.stringify(recode(toJson(schema, message), 'base64', 'hex'))
}

/** What the library makes of a body; undefined where it refuses it, or reads another JSON than OTLP's. */
function readByLibrary(schema: GenMessage<Message>, { bytes, headers }: WireBody): Message | undefined {
  try {
    if (headers === json && !isUtf8(bytes)) return undefined
    if (headers === protobuf) return fromBinary(schema, bytes, { recursionLimit: 200 })
    const text = bytes.toString()
    const value = JSON.parse(text) as JsonValue
    // Members that are there twice, and integers beyond doubles, are not what JSON.parse makes of them.
    if (JSON.stringify(value) !== text) return undefined
    const recoded = recode(value, 'hex', 'base64')
    if (JSON.stringify(recode(recoded, 'base64', 'hex')).toLowerCase() !== text.toLowerCase())
      return undefined
    return fromJson(schema, recoded, { ignoreUnknownFields: true })
  } catch {
    return undefined
  }
}

/** Whether a resource, a scope or a metric has nothing in it: then it costs nothing that it cannot be read. */
function hasEmptyContainers(bytes: Uint8Array, levels: readonly (readonly number[])[]): boolean {
  const [fields, ...below] = levels
  if (fields === undefined) return false
  const reader = new BinaryReader(bytes)
  const inside: Uint8Array[] = []
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag()
    if (fields.includes(number) && wireType === WireType.LengthDelimited) inside.push(reader.bytes())
    else reader.skip(wireType, number)
  }
  return inside.length === 0 || inside.some((one) => hasEmptyContainers(one, below))
}

/** Fields of resources in a request, of scopes in a resource, of records in a scope: the same in all three signals. */
const RECORDS = [[1], [2], [2]]

/** Then those of data in a metric, and of points in these. */
const POINTS = [...RECORDS, [5, 7, 9, 10, 11], [1]]

/** What the library reads is the same events however it is encoded; what it cannot read is not kept as a whole. */
async function checkWithLibrary(
  schema: GenMessage<Message>,
  url: string,
  body: WireBody,
  read: Admitted | 'refused',
): Promise<void> {
  const sent = readByLibrary(schema, body)
  const isWhole =
    read !== 'refused' && read.decoded.texts.length > 0 && (read.decoded.rejected ?? []).length === 0
  if (sent === undefined)
    return ensure(
      body.headers !== protobuf ||
        !isWhole ||
        hasEmptyContainers(body.bytes, schema === ExportMetricsServiceRequestSchema ? POINTS : RECORDS),
      'it keeps all of what the library cannot read',
    )
  const bytes = Buffer.from(toBinary(schema, sent))
  const text = Buffer.from(toOtlpJson(schema, sent))
  // What is damaged is read more strictly here: the library lets messages end beyond their length, and ignores unknown names of
  // enumerations.
  if (!isWhole && !body.bytes.equals(body.headers === json ? text : bytes)) return
  await ensureSameEvents(url, read, { bytes, headers: protobuf }, 'as the library writes it')
  await ensureSameEvents(url, read, { bytes: text, headers: json }, 'as JSON')
}

function otlpTarget(
  name: string,
  url: string,
  schema: GenMessage<Message>,
  containers: Containers,
  worst: () => readonly WorstCase<WireBody>[],
): AnyTarget {
  return formatTarget(name, url, bodies(schema, containers), worst, (body, read) =>
    checkWithLibrary(schema, url, body, read),
  )
}

const record = (records: string) => `{"resourceLogs":[{"scopeLogs":[{"logRecords":[${records}]}]}]}`

export const otlpLogs = otlpTarget(
  'otlp-logs',
  '/v1/logs',
  ExportLogsServiceRequestSchema,
  { resources: 'resourceLogs', scopes: 'scopeLogs', records: 'logRecords' },
  () => [
    ...slowObjects(BODY_BYTES).map(([name, one]) => worstOf(name, one, json)),
    ...slowObjects(500_000).map(([name, one]) =>
      worstOf(`as a record, ${name}`, record(`{"body":${one}}`), json),
    ),
    worstOf('records', repeated(BODY_BYTES, '{"severityText":"m"}', record('').slice(0, -7), ']}]}]}'), json),
    worstOf('scopes', repeated(BODY_BYTES, '{}', '{"resourceLogs":[{"scopeLogs":[', ']}]}'), json),
    worstOf('an array without an end', `{"resourceLogs":${'['.repeat(BODY_BYTES)}`, json),
    bytesOf('records in Protocol Buffers', LOG),
    bytesOf('resources in Protocol Buffers', RESOURCE),
    bytesOf('empty records in Protocol Buffers', Buffer.from('0a04120212001200', 'hex')),
    bytesOf('nested lists in Protocol Buffers', nestedLog(BODY_BYTES / 20)),
  ],
)

function bytesOf(name: string, bytes: Uint8Array): WorstCase<WireBody> {
  const times = Math.max(1, Math.floor(BODY_BYTES / Math.max(1, bytes.length)))
  const body = Buffer.concat(Array<Uint8Array>(times).fill(bytes))
  return { name, input: () => ({ bytes: body, headers: protobuf }) }
}

export const otlpMetrics = otlpTarget(
  'otlp-metrics',
  '/v1/metrics',
  ExportMetricsServiceRequestSchema,
  { resources: 'resourceMetrics', scopes: 'scopeMetrics', records: 'metrics' },
  () => {
    const inMetric = (inside: string) => `{"resourceMetrics":[{"scopeMetrics":[{"metrics":[${inside}]}]}]}`
    const [before, after] = inMetric('{"name":"m","gauge":{"dataPoints":[?]}}').split('?')
    return [
      ...slowObjects(BODY_BYTES).map(([name, one]) => worstOf(name, one, json)),
      worstOf('points', repeated(BODY_BYTES, '{"asInt":"1"}', before!, after!), json),
      worstOf(
        'metrics',
        repeated(BODY_BYTES, '{"name":"m","sum":{}}', inMetric('').slice(0, -7), ']}]}]}'),
        json,
      ),
      bytesOf('metrics in Protocol Buffers', METRICS),
    ]
  },
)

export const otlpTraces = otlpTarget(
  'otlp-traces',
  '/v1/traces',
  ExportTraceServiceRequestSchema,
  { resources: 'resourceSpans', scopes: 'scopeSpans', records: 'spans' },
  () => {
    const inScope = (inside: string) => `{"resourceSpans":[{"scopeSpans":[{"spans":[${inside}]}]}]}`
    const spans = (span: string) =>
      repeated(BODY_BYTES, span, ...(inScope('?').split('?') as [string, string]))
    const ids = '"traceId":"5B8EFFF798038103D269B633813FC60C","spanId":"EEE19B7EC3C1B174"'
    const times = '"startTimeUnixNano":"1764000000123456789","endTimeUnixNano":"1764000000123456790"'
    return [
      ...slowObjects(BODY_BYTES).map(([name, one]) => worstOf(name, one, json)),
      worstOf('spans', spans(`{${ids},"name":"m",${times}}`), json),
      worstOf('spans without ids', spans('{"name":"m"}'), json),
      ...['events', 'links', 'attributes'].map((list) =>
        worstOf(
          list,
          repeated(500_000, '{}', ...(inScope(`{"${list}":[?]}`).split('?') as [string, string])),
          json,
        ),
      ),
      bytesOf('spans in Protocol Buffers', SPAN),
      bytesOf('empty resources in Protocol Buffers', Buffer.of(0x0a, 0)),
      bytesOf('empty spans in Protocol Buffers', Buffer.from('0a0412021200', 'hex')),
    ]
  },
)
