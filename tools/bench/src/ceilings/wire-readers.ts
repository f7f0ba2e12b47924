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

/** Results of as many documents as the row sends. */
const BULK_RESULT =
  '{"create":{"_index":"logs-shop","_id":"01939f00-0000-7000-8000-000000000000","_version":1,"result":"created",' +
  '"_shards":{"total":1,"successful":1,"failed":0},"_seq_no":0,"_primary_term":1,"status":201}}'
const BULK_ANSWER = `{"took":1,"errors":false,"items":[${Array(500).fill(BULK_RESULT).join(',')}]}`

function readLines(body: Buffer): unknown[] {
  return body
    .toString()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)
}

interface LokiPush {
  readonly streams: readonly { readonly values: readonly (readonly [time: string, line: string])[] }[]
}

/** The lines too: they are JSON. */
function readPush(body: Buffer): unknown[] {
  const { streams } = JSON.parse(body.toString()) as LokiPush
  return streams.flatMap(({ values }) => values.map(([, line]) => JSON.parse(line) as unknown))
}

export const WIRE_READERS = {
  bulk: { read: readLines, answer: { status: 200, contentType: 'application/json', body: BULK_ANSWER } },
  loki: { read: readPush, answer: { status: 204, body: '' } },
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
