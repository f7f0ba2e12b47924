import {
  create,
  toBinary,
  toJson,
  type DescMessage,
  type JsonValue,
  type MessageInitShape,
} from '@bufbuild/protobuf'
import { ExportLogsServiceRequestSchema } from '@runnel/wire/opentelemetry/collector/logs/v1/logs_service'
import { ExportMetricsServiceRequestSchema } from '@runnel/wire/opentelemetry/collector/metrics/v1/metrics_service'
import { ExportTraceServiceRequestSchema } from '@runnel/wire/opentelemetry/collector/trace/v1/trace_service'
import { otlpJson, otlpProtobuf } from '../../src/formats/otlp/otlp-format.ts'
import type { DecodedBody, DecodeLimits, WireFormat, WireRequest } from '../../src/wire-format.ts'
import { allTexts } from '../../src/written-texts.ts'

export type LogsInit = MessageInitShape<typeof ExportLogsServiceRequestSchema>
export type SpansInit = MessageInitShape<typeof ExportTraceServiceRequestSchema>
export type MetricsInit = MessageInitShape<typeof ExportMetricsServiceRequestSchema>

/** A request in both encodings. */
export interface OtlpBodies {
  readonly protobuf: Buffer
  readonly json: Buffer
}

export const PROTOBUF_TYPE = { 'content-type': 'application/x-protobuf' }

export const logBodies = (init: LogsInit): OtlpBodies => encode(ExportLogsServiceRequestSchema, init)
export const spanBodies = (init: SpansInit): OtlpBodies => encode(ExportTraceServiceRequestSchema, init)
export const metricBodies = (init: MetricsInit): OtlpBodies => encode(ExportMetricsServiceRequestSchema, init)

function encode<Schema extends DescMessage>(schema: Schema, init: MessageInitShape<Schema>): OtlpBodies {
  const message = create(schema, init)
  const json = toJson(schema, message)
  return {
    protobuf: Buffer.from(toBinary(schema, message)),
    json: Buffer.from(JSON.stringify(withHexIds(json))),
  }
}

const HEX_IDS = new Set(['traceId', 'spanId', 'parentSpanId'])

/** JSON of Protocol Buffers has ids in base64; keys of attributes are values and no members here. */
function withHexIds(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(withHexIds)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).map(([name, member]) => [
    name,
    HEX_IDS.has(name) ? Buffer.from(member as string, 'base64').toString('hex') : withHexIds(member),
  ])
  return Object.fromEntries(members) as JsonValue
}

export const LIMITS: DecodeLimits = {
  maxItems: 100_000,
  bodyLimitBytes: 5 * 1024 * 1024,
  textsLimitChars: 50 * 1024 * 1024,
  eventLimitBytes: 512 * 1024,
}

/** Its events as texts. */
type TextBody = DecodedBody & { readonly texts: readonly string[] }

/** What the format makes of a body, before admission. */
export async function decodeBody(
  encoding: keyof OtlpBodies,
  url: string,
  body: Buffer,
  limits = LIMITS,
): Promise<TextBody> {
  const format = (encoding === 'json' ? otlpJson : otlpProtobuf) as WireFormat
  const request: WireRequest = { url, headers: {}, query: {}, params: {} }
  const decoded = await format.routes.find((route) => route.url === url)!.decode(body, request, limits)
  return { ...decoded, texts: allTexts(decoded.texts) }
}

/** The events of a body. */
export async function eventsOf(encoding: keyof OtlpBodies, url: string, body: Buffer): Promise<JsonValue[]> {
  const { texts } = await decodeBody(encoding, url, body)
  return texts.map((text) => JSON.parse(text) as JsonValue)
}
