import { fromBinary } from '@bufbuild/protobuf'
import { WriteRequestSchema } from '@runnel/wire/prometheus/remote'
import { inflateSnappy } from '@runnel/wire/snappy'
import { ExportLogsServiceRequestSchema } from '@runnel/wire/opentelemetry/collector/logs/v1/logs_service'
import { ExportMetricsServiceRequestSchema } from '@runnel/wire/opentelemetry/collector/metrics/v1/metrics_service'

/** The least that a receiver of a wire format does with a body: read it with the library that Runnel uses, and answer as Runnel does. */
export interface WireReader {
  /** @returns what was read, so that reading cannot be left out */
  read(body: Buffer): unknown
  readonly answer: { readonly status: number; readonly contentType?: string; readonly body: string }
}

const MAX_INFLATED_BYTES = 32 * 1024 * 1024

const OTLP_ANSWER = { status: 200, contentType: 'application/x-protobuf', body: '' }

export const WIRE_READERS = {
  'otlp-logs': { read: (body) => fromBinary(ExportLogsServiceRequestSchema, body), answer: OTLP_ANSWER },
  'otlp-metrics': {
    read: (body) => fromBinary(ExportMetricsServiceRequestSchema, body),
    answer: OTLP_ANSWER,
  },
  'remote-write': {
    read: (body) => fromBinary(WriteRequestSchema, inflateSnappy(body, MAX_INFLATED_BYTES)),
    answer: { status: 204, body: '' },
  },
} satisfies Record<string, WireReader>

export type WireReaderName = keyof typeof WIRE_READERS
