import { create, toBinary } from '@bufbuild/protobuf'
import { ExportTraceServiceRequestSchema } from '@runnel/wire/opentelemetry/collector/trace/v1/trace_service'
import fc from 'fast-check'
import { repeated, slowObjects } from '../inputs/large-json.ts'
import type { AnyTarget } from '../target.ts'
import { attributes, bodies, BODY_BYTES, bytesOf, json, jsonOf, protobufOf, resource, TIME } from './otlp.ts'
import { formatTarget, worstOf } from './wire-formats.ts'

const ids = { traceId: Buffer.alloc(16, 1), spanId: Buffer.alloc(8, 2) }

const SPANS = [1, 3].map((count) =>
  toBinary(
    ExportTraceServiceRequestSchema,
    create(ExportTraceServiceRequestSchema, {
      resourceSpans: [
        {
          resource,
          scopeSpans: [
            {
              scope: { name: 's', version: '1' },
              spans: Array.from({ length: count }, (_, i) => ({
                ...{ ...ids, parentSpanId: Buffer.alloc(8, i), name: 'GET /', kind: 2 as const, attributes },
                ...{ startTimeUnixNano: TIME, endTimeUnixNano: TIME + 1n, traceState: 'a=b', flags: 1 },
                status: { code: 2 as const, message: 'failed' },
                events: [{ timeUnixNano: TIME, name: 'e', attributes }],
                links: [{ ...ids, attributes, droppedAttributesCount: 2 }],
              })),
            },
          ],
        },
      ],
    }),
  ),
)

const inSpan = (inside: string) => `{"resourceSpans":[{"scopeSpans":[{"spans":[{${inside}}]}]}]}`
const [beforeSpans, behindSpans] = ['{"resourceSpans":[{"scopeSpans":[{"spans":[', ']}]}]}']

export const otlpTraces: AnyTarget = formatTarget(
  'otlp-traces',
  '/v1/traces',
  fc.oneof(jsonOf(bodies('resourceSpans', 'scopeSpans', 'spans')), protobufOf(SPANS)),
  () => [
    ...slowObjects(BODY_BYTES).map(([name, one]) => worstOf(name, one, json)),
    worstOf('spans', repeated(BODY_BYTES, '{"name":"m"}', beforeSpans, behindSpans), json),
    ...['events', 'links', 'attributes'].map((list) =>
      worstOf(
        list,
        repeated(500_000, '{}', ...(inSpan(`"${list}":[?]`).split('?') as [string, string])),
        json,
      ),
    ),
    bytesOf('spans in Protocol Buffers', SPANS[0]!),
    bytesOf('empty resources in Protocol Buffers', Buffer.of(0x0a, 0)),
    bytesOf('empty spans in Protocol Buffers', Buffer.from('0a0412021200', 'hex')),
  ],
)
