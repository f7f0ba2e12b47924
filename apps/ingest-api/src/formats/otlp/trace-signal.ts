import { type JsonObject, type SpanKind, type SpanStatus } from '@runnel/contracts'
import { ExportTraceServiceRequestSchema } from '@runnel/wire/opentelemetry/collector/trace/v1/trace_service'
import {
  ResourceSpansSchema,
  ScopeSpansSchema,
  Span_SpanKind,
  SpanSchema,
  Status_StatusCode,
  type Span,
  type Span_Event,
  type Span_Link,
} from '@runnel/wire/opentelemetry/trace/v1/trace'
import { toObject } from './any-value.ts'
import { toHexId } from '../shared/hex-id.ts'
import { timeOfNanos } from '../shared/time-of-nanos.ts'
import type { Origin } from './origin.ts'
import { writeEvent, type OtlpSignal } from './signal.ts'

export const traceSignal: OtlpSignal = {
  url: '/v1/traces',
  access: 'traces:write',
  summary: 'Spans of OpenTelemetry (OTLP/HTTP)',
  kind: 'traces',
  resources: ExportTraceServiceRequestSchema.field.resourceSpans,
  resourceContainer: ResourceSpansSchema,
  scopes: ResourceSpansSchema.field.scopeSpans,
  scopeContainer: ScopeSpansSchema,
  records: ScopeSpansSchema.field.spans,
  response: { rejectedName: 'rejectedSpans', recordsName: 'spans' },
  openRecords: (source, spans, origin) => [
    {
      items: spans,
      // Without its times a span is refused, and its ids are its key.
      toEvents: (piece) => ({
        events: [writeEvent(toSpan(source.read(SpanSchema, piece), origin()))],
        hasTime: true,
      }),
    },
  ],
}

/** As OpenTelemetry calls a service that has no name. */
const NO_SERVICE = 'unknown_service'

const KINDS: Readonly<Record<number, SpanKind | undefined>> = {
  [Span_SpanKind.INTERNAL]: 'internal',
  [Span_SpanKind.SERVER]: 'server',
  [Span_SpanKind.CLIENT]: 'client',
  [Span_SpanKind.PRODUCER]: 'producer',
  [Span_SpanKind.CONSUMER]: 'consumer',
}

const STATUSES: Readonly<Record<number, SpanStatus | undefined>> = {
  [Status_StatusCode.OK]: 'ok',
  [Status_StatusCode.ERROR]: 'error',
}

/** What has to be there and is not is missed by the schema of spans, which says so. */
function toSpan(span: Span, { service, attributes: ofResource, resource, scope }: Origin): JsonObject {
  const { name, kind, status, traceState, flags, attributes, events, links } = span
  const startTime = timeOfNanos(span.startTimeUnixNano)
  const endTime = timeOfNanos(span.endTimeUnixNano)
  const parentSpanId = toHexId(span.parentSpanId)
  return {
    ...ids(span),
    ...(parentSpanId !== undefined && { parentSpanId }),
    ...{ name, service: service ?? NO_SERVICE, kind: KINDS[kind] ?? 'unspecified' },
    status: {
      code: STATUSES[status?.code ?? 0] ?? 'unset',
      ...(status !== undefined && status.message !== '' && { message: status.message }),
    },
    ...(startTime !== undefined && { startTime }),
    ...(endTime !== undefined && { endTime }),
    attributes: toObject(attributes),
    ...(events.length > 0 && { events: events.map(toEvent) }),
    ...(links.length > 0 && { links: links.map(toLink) }),
    ...(traceState !== '' && { traceState }),
    ...(flags !== 0 && { flags }),
    ...dropped('droppedAttributesCount', span.droppedAttributesCount),
    ...dropped('droppedEventsCount', span.droppedEventsCount),
    ...dropped('droppedLinksCount', span.droppedLinksCount),
    resource: ofResource,
    ...(resource !== undefined && { resourceDetails: resource }),
    ...(scope !== undefined && { scope }),
  }
}

function ids({ traceId, spanId }: Pick<Span, 'traceId' | 'spanId'>): JsonObject {
  const [trace, span] = [toHexId(traceId), toHexId(spanId)]
  return { ...(trace !== undefined && { traceId: trace }), ...(span !== undefined && { spanId: span }) }
}

function toEvent({ timeUnixNano, name, attributes, droppedAttributesCount }: Span_Event): JsonObject {
  const time = timeOfNanos(timeUnixNano)
  return {
    ...(time !== undefined && { time }),
    name,
    ...(attributes.length > 0 && { attributes: toObject(attributes) }),
    ...dropped('droppedAttributesCount', droppedAttributesCount),
  }
}

function toLink(link: Span_Link): JsonObject {
  const { traceState, flags, attributes, droppedAttributesCount } = link
  return {
    ...ids(link),
    ...(traceState !== '' && { traceState }),
    ...(flags !== 0 && { flags }),
    ...(attributes.length > 0 && { attributes: toObject(attributes) }),
    ...dropped('droppedAttributesCount', droppedAttributesCount),
  }
}

function dropped(name: string, count: number): JsonObject {
  return count === 0 ? {} : { [name]: count }
}
