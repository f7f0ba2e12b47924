import { Type, type Static } from 'typebox'
import { EventKey, TimestampText } from './primitives.ts'

/** What a span was in a request, as OpenTelemetry names it. */
export const SPAN_KINDS = ['internal', 'server', 'client', 'producer', 'consumer', 'unspecified'] as const

export type SpanKind = (typeof SPAN_KINDS)[number]

export const SPAN_STATUSES = ['unset', 'ok', 'error'] as const

export type SpanStatus = (typeof SPAN_STATUSES)[number]

/** Ids of digits alone: one of zeros is invalid. */
const hexId = (digits: number, description: string) =>
  Type.String({ pattern: `^(?!0+$)[0-9a-fA-F]{${digits}}$`, description })

const Time = (description: string) =>
  Type.Union([Type.String(), Type.Number()], {
    timestamp: true,
    description: `${description}: ${TimestampText}`,
  })

const members = (description: string) => Type.Optional(Type.Object({}, { description }))

/** One step of a trace as it is sent. Unknown members are kept. */
export const SpanSchema = Type.Object(
  {
    traceId: hexId(32, '16 bytes as hexadecimal digits'),
    spanId: hexId(16, '8 bytes as hexadecimal digits. With the trace id it is the key of the span for 48 h'),
    parentSpanId: Type.Optional(hexId(16, 'Of the span that called it; left out in the root')),
    name: Type.String({ description: 'The operation; 512 bytes of it can be searched' }),
    service: Type.String({ description: 'Which service did it; 512 bytes of it can be searched' }),
    kind: Type.Optional(Type.Unsafe<SpanKind>({ type: 'string', enum: [...SPAN_KINDS] })),
    status: Type.Optional(
      Type.Object({
        code: Type.Optional(Type.Unsafe<SpanStatus>({ type: 'string', enum: [...SPAN_STATUSES] })),
        message: Type.Optional(Type.String()),
      }),
    ),
    startTime: Time('When it began, to the nanosecond'),
    endTime: Time('When it ended'),
    attributes: members('What can be filtered by'),
    resource: members('Attributes of what sent it'),
    scope: members('The library that made it'),
    events: Type.Optional(
      Type.Array(Type.Object({}), { description: 'What happened meanwhile: time, name, attributes' }),
    ),
    links: Type.Optional(
      Type.Array(Type.Object({}), { description: 'Other spans: traceId, spanId, attributes' }),
    ),
    eventId: Type.Optional(
      Type.Unsafe({ ...EventKey, description: 'Kept; the ids of the span are its key' }),
    ),
  },
  {
    $id: 'Span',
    examples: [
      {
        traceId: '5b8efff798038103d269b633813fc60c',
        spanId: 'eee19b7ec3c1b174',
        name: 'GET /carts/{id}',
        service: 'shop',
        kind: 'server',
        status: { code: 'ok' },
        startTime: '2026-03-31T18:00:00.000000001Z',
        endTime: '2026-03-31T18:00:00.250000000Z',
        attributes: { 'http.route': '/carts/{id}' },
      },
    ],
  },
)

/** A span that was checked: its times may be numbers with their text. */
export type Span = Static<typeof SpanSchema>
