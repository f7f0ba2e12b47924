import { ExportMetricsServiceRequestSchema } from '@runnel/wire/opentelemetry/collector/metrics/v1/metrics_service'
import {
  ExponentialHistogramDataPointSchema,
  ExponentialHistogramSchema,
  GaugeSchema,
  HistogramDataPointSchema,
  HistogramSchema,
  MetricSchema,
  NumberDataPointSchema,
  ResourceMetricsSchema,
  ScopeMetricsSchema,
  SumSchema,
  SummaryDataPointSchema,
  SummarySchema,
} from '@runnel/wire/opentelemetry/metrics/v1/metrics'
import type { DescField } from '@bufbuild/protobuf'
import type { MessageSource } from './message-source.ts'
import { createHead, type MetricHead, type MetricKind } from './metric-head.ts'
import { once } from './once.ts'
import type { Origin } from './origin.ts'
import { exponentialRows, histogramRows, summaryRows } from './histogram-rows.ts'
import { numberRows } from './number-rows.ts'
import { putPlainPoint } from './put-plain-point.ts'
import type { ByteWriter } from '../shared/byte-writer.ts'
import type { OtlpSignal, RecordEvents, RecordGroup } from './signal.ts'

export const metricSignal: OtlpSignal = {
  url: '/v1/metrics',
  access: 'metrics:write',
  summary: 'Metrics of OpenTelemetry (OTLP/HTTP)',
  kind: 'metrics',
  resources: ExportMetricsServiceRequestSchema.field.resourceMetrics,
  resourceContainer: ResourceMetricsSchema,
  scopes: ResourceMetricsSchema.field.scopeMetrics,
  scopeContainer: ScopeMetricsSchema,
  records: ScopeMetricsSchema.field.metrics,
  response: { rejectedName: 'rejectedDataPoints', recordsName: 'data points' },
  *openRecords(source, metrics, origin, maxItems) {
    for (const metric of metrics) yield openMetric(source, metric, origin, maxItems)
  },
}

/** What may be in a metric, and how its points are read. */
interface MetricData {
  readonly field: DescField
  readonly points: DescField
  readHead<Piece>(source: MessageSource<Piece>, piece: Piece): MetricKind
  readPoint<Piece>(source: MessageSource<Piece>, piece: Piece, head: MetricHead): RecordEvents
  /** See RecordGroup. */
  putPoint?(bytes: Uint8Array, head: MetricHead, out: ByteWriter): boolean | undefined
}

const { gauge, sum, histogram, exponentialHistogram, summary } = MetricSchema.field

const METRIC_DATA: readonly MetricData[] = [
  {
    field: gauge,
    points: GaugeSchema.field.dataPoints,
    readHead: () => ({ kind: 'gauge' }),
    readPoint: readNumber,
    putPoint: putPlainPoint,
  },
  {
    field: sum,
    points: SumSchema.field.dataPoints,
    readHead: (source, piece) => {
      const { aggregationTemporality, isMonotonic } = source.read(SumSchema, piece)
      return { kind: 'sum', temporality: TEMPORALITIES[aggregationTemporality], monotonic: isMonotonic }
    },
    readPoint: readNumber,
    putPoint: putPlainPoint,
  },
  {
    field: histogram,
    points: HistogramSchema.field.dataPoints,
    readHead: (source, piece) => ({
      kind: 'histogram',
      temporality: TEMPORALITIES[source.read(HistogramSchema, piece).aggregationTemporality],
    }),
    readPoint: (source, piece, head) => histogramRows(source.read(HistogramDataPointSchema, piece), head),
  },
  {
    field: exponentialHistogram,
    points: ExponentialHistogramSchema.field.dataPoints,
    readHead: (source, piece) => ({
      kind: 'exponentialHistogram',
      temporality: TEMPORALITIES[source.read(ExponentialHistogramSchema, piece).aggregationTemporality],
    }),
    readPoint: (source, piece, head) =>
      exponentialRows(source.read(ExponentialHistogramDataPointSchema, piece), head),
  },
  {
    field: summary,
    points: SummarySchema.field.dataPoints,
    readHead: () => ({ kind: 'summary' }),
    readPoint: (source, piece, head) => summaryRows(source.read(SummaryDataPointSchema, piece), head),
  },
]

const TEMPORALITIES: Readonly<Record<number, string | undefined>> = { 1: 'delta', 2: 'cumulative' }

const DATA_FIELDS = METRIC_DATA.map(({ field }) => field)

function readNumber<Piece>(source: MessageSource<Piece>, piece: Piece, head: MetricHead): RecordEvents {
  return numberRows(source.read(NumberDataPointSchema, piece), head)
}

/** A metric may hold as many points as a whole request: they are read one by one. */
function openMetric<Piece>(
  source: MessageSource<Piece>,
  metric: Piece,
  origin: () => Origin,
  maxItems: number,
): RecordGroup<Piece> {
  const { rest, items, fields } = source.split(metric, DATA_FIELDS, maxItems)
  // Of several, the last one counts, as for every `oneof`.
  const data = METRIC_DATA.find(({ field }) => field === fields.at(-1))
  if (data === undefined) return { items: [], toEvents: () => ({ events: [], hasTime: true }) }
  const body = source.split(items.at(-1)!, [data.points], maxItems)
  const head = once(() =>
    createHead(source.read(MetricSchema, rest), data.readHead(source, body.rest), origin()),
  )
  return {
    items: body.items,
    toEvents: (point) => data.readPoint(source, point, head()),
    putPlain: (point, out) => {
      const bytes = data.putPoint && source.protobufOf(point)
      if (bytes === undefined) return undefined
      const shared = head()
      return shared.isPlain && shared.origin.written.isPlain ? data.putPoint!(bytes, shared, out) : undefined
    },
  }
}
