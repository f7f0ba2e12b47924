import { create, fromBinary, toBinary, type MessageInitShape } from '@bufbuild/protobuf'
import { ExportLogsServiceRequestSchema } from '@runnel/wire/opentelemetry/collector/logs/v1/logs_service'
import { ExportMetricsServiceRequestSchema } from '@runnel/wire/opentelemetry/collector/metrics/v1/metrics_service'
import type { KeyValueSchema } from '@runnel/wire/opentelemetry/common/v1/common'
import { ResourceLogsSchema } from '@runnel/wire/opentelemetry/logs/v1/logs'
import fc from 'fast-check'
import { ensure } from '../ensure.ts'
import { hostileText } from '../inputs/hostile-text.ts'
import { anyJsonText } from '../inputs/json-text.ts'
import { repeated, slowObjects } from '../inputs/large-json.ts'
import { mutatedBytes } from '../inputs/mutate.ts'
import type { AnyTarget } from '../target.ts'
import { formatTarget, worstOf, type Admitted, type WireBody } from './wire-formats.ts'

export const json = { 'content-type': 'application/json' }
const protobuf = { 'content-type': 'application/x-protobuf' }

export const BODY_BYTES = 5 * 1024 ** 2

/** Members as OTLP names them, at whatever places. */
const NAMES = [
  ...['attributes', 'key', 'value', 'values', 'body', 'stringValue', 'intValue', 'doubleValue', 'bytesValue'],
  ...['kvlistValue', 'arrayValue', 'timeUnixNano', 'time_unix_nano', 'severityNumber', 'traceId', 'flags'],
  ...['spanId', 'parentSpanId', 'startTimeUnixNano', 'endTimeUnixNano', 'status', 'events', 'links', 'kind'],
  ...['name', 'gauge', 'sum', 'histogram', 'dataPoints', 'asInt', 'asDouble', 'bucketCounts', 'exemplars'],
]

const VALUES = [
  ...['"1764000000123456789"', '9007199254740993', '"-9223372036854775808"', '"NaN"', '1e400', '-0', '""'],
  ...['"5B8EFFF798038103D269B633813FC60C"', '"AP8="', '"SEVERITY_NUMBER_WARN"', 'null', 'true', '[]', '{}'],
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

export function bodies(resources: string, scopes: string, records: string) {
  return fc
    .array(message, { maxLength: 4 })
    .map((texts) => `{"${resources}":[{"resource":{},"${scopes}":[{"${records}":[${texts.join(',')}]}]}]}`)
}

export const jsonOf = (texts: fc.Arbitrary<string>): fc.Arbitrary<WireBody> =>
  mutatedBytes(texts).map((bytes) => ({ bytes, headers: json }))

const logTexts = bodies('resourceLogs', 'scopeLogs', 'logRecords')
const metricTexts = bodies('resourceMetrics', 'scopeMetrics', 'metrics')

/** Bytes of Protocol Buffers, then broken. */
export function protobufOf(seeds: readonly Uint8Array[]): fc.Arbitrary<WireBody> {
  const flips = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 })
  return fc.tuple(fc.constantFrom(...seeds), flips, fc.option(fc.nat())).map(([seed, changes, cut]) => {
    const bytes = Buffer.from(seed)
    for (const [at, byte] of changes) bytes[at % bytes.length]! ^= byte
    const end = cut === null || cut % 5 > 0 ? bytes.length : cut % bytes.length
    return { bytes: bytes.subarray(0, end), headers: protobuf }
  })
}

type Attributes = MessageInitShape<typeof KeyValueSchema>[]

const text = (value: string) => ({ value: { case: 'stringValue' as const, value } })
export const attributes: Attributes = [
  { key: 'text', value: text('größer') },
  { key: 'integer', value: { value: { case: 'intValue' as const, value: -(2n ** 63n) } } },
  {
    key: 'list',
    value: { value: { case: 'arrayValue' as const, value: { values: [text('a'), text('b')] } } },
  },
  {
    key: 'map',
    value: { value: { case: 'kvlistValue' as const, value: { values: [{ key: 'k', value: text('v') }] } } },
  },
  { key: 'bytes', value: { value: { case: 'bytesValue' as const, value: Buffer.from('ff00', 'hex') } } },
]
export const resource = { attributes: [{ key: 'service.name', value: text('shop') }] }
export const TIME = 1_764_000_000_123_456_789n

const LOGS = [1, 3].map((records) =>
  toBinary(
    ExportLogsServiceRequestSchema,
    create(ExportLogsServiceRequestSchema, {
      resourceLogs: [
        {
          resource,
          scopeLogs: [
            {
              scope: { name: 's', version: '1' },
              logRecords: Array.from({ length: records }, () => ({
                ...{ timeUnixNano: TIME, severityNumber: 9 as const, body: text('message'), attributes },
                ...{ traceId: Buffer.alloc(16, 1), spanId: Buffer.alloc(8, 2), flags: 1 },
              })),
            },
          ],
        },
      ],
    }),
  ),
)

const point = { timeUnixNano: TIME, attributes }
const METRICS = [
  toBinary(
    ExportMetricsServiceRequestSchema,
    create(ExportMetricsServiceRequestSchema, {
      resourceMetrics: [
        {
          resource,
          scopeMetrics: [
            {
              metrics: [
                {
                  ...{ name: 'sum', unit: 's', description: 'd' },
                  data: {
                    case: 'sum',
                    value: { dataPoints: [{ ...point, value: { case: 'asInt', value: 2n ** 62n } }] },
                  },
                },
                {
                  name: 'histogram',
                  data: {
                    case: 'histogram',
                    value: {
                      dataPoints: [
                        { ...point, count: 3n, sum: 1.5, explicitBounds: [1, 2], bucketCounts: [1n, 1n, 1n] },
                      ],
                    },
                  },
                },
                {
                  name: 'exponential',
                  data: {
                    case: 'exponentialHistogram',
                    value: { dataPoints: [{ ...point, count: 1n, positive: { bucketCounts: [1n] } }] },
                  },
                },
                {
                  name: 'summary',
                  data: {
                    case: 'summary',
                    value: { dataPoints: [{ ...point, quantileValues: [{ quantile: 0.5, value: 1 }] }] },
                  },
                },
              ],
            },
          ],
        },
      ],
    }),
  ),
]

/** Log records that are kept, all of them, can be read by the library as a whole. */
function checkLogs({ bytes, headers }: WireBody, { decoded }: Admitted): void {
  if (headers !== protobuf || decoded.texts.length === 0 || (decoded.rejected ?? []).length > 0) return
  let isRead = true
  try {
    fromBinary(ExportLogsServiceRequestSchema, bytes, { recursionLimit: 200 })
  } catch {
    isRead = false
  }
  ensure(isRead, 'it keeps all of what the library cannot read')
}

const record = (records: string) => `{"resourceLogs":[{"scopeLogs":[{"logRecords":[${records}]}]}]}`

export const otlpLogs: AnyTarget = formatTarget(
  'otlp-logs',
  '/v1/logs',
  fc.oneof(jsonOf(logTexts), protobufOf(LOGS)),
  () => [
    ...slowObjects(BODY_BYTES).map(([name, one]) => worstOf(name, one, json)),
    ...slowObjects(500_000).map(([name, one]) =>
      worstOf(`as a record, ${name}`, record(`{"body":${one}}`), json),
    ),
    worstOf('records', repeated(BODY_BYTES, '{"severityText":"m"}', record('').slice(0, -7), ']}]}]}'), json),
    worstOf('scopes', repeated(BODY_BYTES, '{}', '{"resourceLogs":[{"scopeLogs":[', ']}]}'), json),
    worstOf('an array without an end', `{"resourceLogs":${'['.repeat(BODY_BYTES)}`, json),
    bytesOf('records in Protocol Buffers', LOGS[0]!),
    bytesOf('resources in Protocol Buffers', toBinary(ResourceLogsSchema, create(ResourceLogsSchema))),
    bytesOf('empty records in Protocol Buffers', Buffer.from('0a041202 12001200'.replace(' ', ''), 'hex')),
    bytesOf('nested lists in Protocol Buffers', nested(BODY_BYTES / 20)),
  ],
  checkLogs,
)

export function bytesOf(name: string, bytes: Uint8Array) {
  const times = Math.max(1, Math.floor(BODY_BYTES / Math.max(1, bytes.length)))
  const body = Buffer.concat(Array<Uint8Array>(times).fill(bytes))
  return { name, input: () => ({ bytes: body, headers: protobuf }) }
}

/** A record whose body is lists within lists; each length stands before what it holds. */
function nested(depth: number): Uint8Array {
  const heads: Buffer[] = []
  let length = 0
  for (let i = 0; i < depth; i++) {
    for (const tag of [0x0a, 0x2a]) {
      const head = Buffer.concat([Buffer.from([tag]), varint(length)])
      heads.push(head)
      length += head.length
    }
  }
  const body = Buffer.concat(heads.reverse())
  const wrap = (tag: number, inner: Buffer) =>
    Buffer.concat([Buffer.from([tag]), varint(inner.length), inner])
  return wrap(0x0a, wrap(0x12, wrap(0x12, wrap(0x2a, body))))
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128)
  return Buffer.from([...bytes, rest])
}

export const otlpMetrics: AnyTarget = formatTarget(
  'otlp-metrics',
  '/v1/metrics',
  fc.oneof(jsonOf(metricTexts), protobufOf(METRICS)),
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
      bytesOf('metrics in Protocol Buffers', METRICS[0]!),
    ]
  },
)
