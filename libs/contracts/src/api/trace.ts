import { Type, type Static, type TProperties } from 'typebox'
import { Nullable, NullableText } from './nullable.ts'

const startedAt = Type.String({ description: 'To the microsecond' })

/** What a list shows of a trace. */
const TraceSummarySchema = Type.Object({
  traceId: Type.String(),
  startedAt,
  durationMs: Type.Number({ description: 'From the start of its first span to the end of its last' }),
  spans: Type.Integer(),
  errors: Type.Integer({ description: 'Spans that failed' }),
  services: Type.Array(Type.String()),
  root: Type.Object(
    {
      service: Type.String(),
      name: Type.String(),
      kind: Type.String(),
      status: Type.String(),
      parentMissing: Type.Boolean({ description: 'It has a parent, which has not come' }),
    },
    { description: 'Its root; the earliest span where none has come' },
  ),
  more: Type.Boolean({ description: 'It has more spans than were looked at' }),
})

export type TraceSummary = Static<typeof TraceSummarySchema>

export const TraceListSchema = Type.Object({
  items: Type.Array(TraceSummarySchema),
  nextCursor: Nullable(
    Type.String({ description: 'Leads to older ones; null at the end. A page may be short, and even empty' }),
  ),
})

export type TraceList = Static<typeof TraceListSchema>

const spanMembers = {
  id: Type.String({ description: 'Of the event' }),
  receivedAt: Type.String(),
  startedAt,
  durationMs: Type.Number(),
  spanId: Type.String(),
  parentSpanId: NullableText,
  service: Type.String(),
  name: Type.String(),
  kind: Type.String(),
  status: Type.String(),
}

/** A stored span. */
export const StoredSpanSchema = Type.Object({
  ...spanMembers,
  data: Type.Optional(
    Type.Unknown({ description: 'The span as it was sent; left out where it was not asked for' }),
  ),
})

export type StoredSpan = Static<typeof StoredSpanSchema>

export const TraceSchema = Type.Object({
  traceId: Type.String(),
  spans: Type.Array(StoredSpanSchema, { description: 'In the order in which they began' }),
  more: Type.Boolean({ description: 'It has more spans than an answer may hold: those that began later' }),
})

export type Trace = Static<typeof TraceSchema>

const latency = {
  count: Type.Integer(),
  errors: Type.Integer(),
  perSecond: Type.Number(),
  meanMs: Type.Number(),
  p50Ms: Type.Number({ description: 'Quantiles lie at most 41 % beside the true ones' }),
  p95Ms: Type.Number(),
  p99Ms: Type.Number(),
}

export type TraceLatency = Static<ReturnType<typeof Type.Object<typeof latency>>>

const range = {
  from: Type.String({ description: 'Begin of the first minute' }),
  to: Type.String({ description: 'End of the last minute' }),
}

const measured = <T extends TProperties>(members: T) => Type.Array(Type.Object({ ...members, ...latency }))

/** GET /api/v1/traces/operations */
export const OperationsSchema = Type.Object({
  ...range,
  items: measured({ service: Type.String(), operation: Type.String(), kind: Type.String() }),
  truncated: Type.Boolean({ description: 'There are more operations: the busiest are given' }),
})

export type Operations = Static<typeof OperationsSchema>

/** GET /api/v1/traces/services */
export const ServiceMapSchema = Type.Object({
  ...range,
  services: measured({ service: Type.String() }),
  edges: measured({ caller: Type.String(), callee: Type.String() }),
  truncated: Type.Boolean({ description: 'There are more services or edges: the busiest are given' }),
})

export type ServiceMap = Static<typeof ServiceMapSchema>
