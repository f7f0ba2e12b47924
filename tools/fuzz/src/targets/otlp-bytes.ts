import { create, toBinary, type MessageInitShape } from '@bufbuild/protobuf'
import { ExportLogsServiceRequestSchema } from '@runnel/wire/opentelemetry/collector/logs/v1/logs_service'
import { ExportMetricsServiceRequestSchema } from '@runnel/wire/opentelemetry/collector/metrics/v1/metrics_service'
import { ExportTraceServiceRequestSchema } from '@runnel/wire/opentelemetry/collector/trace/v1/trace_service'
import type { KeyValueSchema } from '@runnel/wire/opentelemetry/common/v1/common'
import { ResourceLogsSchema } from '@runnel/wire/opentelemetry/logs/v1/logs'

type Attributes = MessageInitShape<typeof KeyValueSchema>[]

const text = (value: string) => ({ value: { case: 'stringValue' as const, value } })
const attributes: Attributes = [
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
const resource = { attributes: [{ key: 'service.name', value: text('shop') }] }
const TIME = 1_764_000_000_123_456_789n

/** A request with one record. */
export const LOG = toBinary(
  ExportLogsServiceRequestSchema,
  create(ExportLogsServiceRequestSchema, {
    resourceLogs: [
      {
        resource,
        scopeLogs: [
          {
            scope: { name: 's', version: '1' },
            logRecords: [
              {
                ...{ timeUnixNano: TIME, severityNumber: 9 as const, body: text('message'), attributes },
                ...{ traceId: Buffer.alloc(16, 1), spanId: Buffer.alloc(8, 2), flags: 1 },
              },
            ],
          },
        ],
      },
    ],
  }),
)

const point = { timeUnixNano: TIME, attributes }
/** A request with a metric of most kinds. */
export const METRICS = toBinary(
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
)

const ids = { traceId: Buffer.alloc(16, 1), spanId: Buffer.alloc(8, 2) }

/** A request with a span. */
export const SPAN = toBinary(
  ExportTraceServiceRequestSchema,
  create(ExportTraceServiceRequestSchema, {
    resourceSpans: [
      {
        resource,
        scopeSpans: [
          {
            scope: { name: 's', version: '1' },
            spans: [
              {
                ...{ ...ids, parentSpanId: Buffer.alloc(8, 3), name: 'GET /', kind: 2 as const, attributes },
                ...{ startTimeUnixNano: TIME, endTimeUnixNano: TIME + 1n, traceState: 'a=b', flags: 1 },
                status: { code: 2 as const, message: 'failed' },
                events: [{ timeUnixNano: TIME, name: 'e', attributes }],
                links: [{ ...ids, attributes, droppedAttributesCount: 2 }],
              },
            ],
          },
        ],
      },
    ],
  }),
)

/** A resource without anything in it. */
export const RESOURCE = toBinary(ResourceLogsSchema, create(ResourceLogsSchema))

/** A record whose body is lists within lists; each length stands before what it holds. */
export function nestedLog(depth: number): Uint8Array {
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
