import { create, toBinary, type MessageInitShape } from '@bufbuild/protobuf'
import { ExportLogsServiceRequestSchema } from '@runnel/wire/opentelemetry/collector/logs/v1/logs_service'
import { ExportMetricsServiceRequestSchema } from '@runnel/wire/opentelemetry/collector/metrics/v1/metrics_service'
import type { KeyValueSchema } from '@runnel/wire/opentelemetry/common/v1/common'
import type { LogRecordSchema } from '@runnel/wire/opentelemetry/logs/v1/logs'
import type { MetricSchema } from '@runnel/wire/opentelemetry/metrics/v1/metrics'

type Attribute = MessageInitShape<typeof KeyValueSchema>

const START_NANOS = 1_795_953_600_000_000_000n
const STEP_NANOS = 1_000_001n

const text = (key: string, value: string): Attribute => ({
  key,
  value: { value: { case: 'stringValue', value } },
})
const integer = (key: string, value: number): Attribute => ({
  key,
  value: { value: { case: 'intValue', value: BigInt(value) } },
})

/** As the SDKs describe a process. */
const RESOURCE = {
  attributes: [
    text('service.name', 'shop'),
    text('service.version', '1.4.2'),
    text('deployment.environment.name', 'production'),
    text('host.name', 'web-1'),
    text('telemetry.sdk.language', 'nodejs'),
    integer('process.pid', 4711),
  ],
}
const SCOPE = { name: 'shop.orders', version: '2.0.0' }

/** A request of log records of some 330 bytes: a sentence, five attributes, the ids of a span. */
export function createOtlpLogs(records: number): Buffer {
  const logRecords = Array.from({ length: records }, (_, i) => createLog(i))
  const scopeLogs = [{ scope: SCOPE, logRecords }]
  const request = create(ExportLogsServiceRequestSchema, {
    resourceLogs: [{ resource: RESOURCE, scopeLogs }],
  })
  return Buffer.from(toBinary(ExportLogsServiceRequestSchema, request))
}

function createLog(n: number): MessageInitShape<typeof LogRecordSchema> {
  const timeUnixNano = START_NANOS + BigInt(n) * STEP_NANOS
  return {
    timeUnixNano,
    observedTimeUnixNano: timeUnixNano,
    severityNumber: n % 10 === 0 ? 17 : 9,
    severityText: n % 10 === 0 ? 'ERROR' : 'INFO',
    body: {
      value: { case: 'stringValue', value: `order ${n} of customer ${n % 97} was placed in ${n % 300} ms` },
    },
    attributes: [
      text('http.request.method', 'POST'),
      text('http.route', '/orders/:id'),
      integer('http.response.status_code', 201),
      integer('order.id', n),
      text('url.path', `/orders/${n}`),
    ],
    traceId: createId(16, n),
    spanId: createId(8, n),
    flags: 1,
  }
}

function createId(bytes: number, n: number): Uint8Array {
  return Uint8Array.from({ length: bytes }, (_, i) => (n * 31 + i * 17 + 1) & 0xff)
}

/** A request of sums of ten points each, as a counter of HTTP requests by route has them. */
export function createOtlpMetrics(points: number): Buffer {
  const metrics = Array.from({ length: points / POINTS_PER_METRIC }, (_, i) => createMetric(i))
  const scopeMetrics = [{ scope: SCOPE, metrics }]
  const request = create(ExportMetricsServiceRequestSchema, {
    resourceMetrics: [{ resource: RESOURCE, scopeMetrics }],
  })
  return Buffer.from(toBinary(ExportMetricsServiceRequestSchema, request))
}

const POINTS_PER_METRIC = 10

function createMetric(n: number): MessageInitShape<typeof MetricSchema> {
  const dataPoints = Array.from({ length: POINTS_PER_METRIC }, (_, i) => ({
    startTimeUnixNano: START_NANOS,
    timeUnixNano: START_NANOS + 60_000_000_000n,
    value: { case: 'asInt' as const, value: BigInt(n * 1000 + i) },
    attributes: [
      text('http.request.method', i % 2 === 0 ? 'GET' : 'POST'),
      text('http.route', `/orders/${i}`),
      integer('http.response.status_code', 200 + i),
    ],
  }))
  return {
    name: `http.server.requests.${n}`,
    description: 'Requests by route',
    unit: '{request}',
    data: { case: 'sum', value: { aggregationTemporality: 2, isMonotonic: true, dataPoints } },
  }
}
