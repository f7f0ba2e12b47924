import { AppError } from '@runnel/contracts'
import {
  StoredSpanSchema,
  TraceListSchema,
  TraceSchema,
  type StoredSpan as SpanAnswer,
  type TraceList,
} from '@runnel/contracts/api/trace'
import { CursorParameter, limitParameter, ProblemSchema, type HttpServer } from '@runnel/http'
import type { StoredSpan, TraceFilter } from '@runnel/repositories-events'
import { Type } from 'typebox'
import type { QueryLimits } from '../limits.ts'
import { checkParameters } from '../params/check-parameters.ts'
import { parseFamily } from '../params/parse-family.ts'
import { parseRange } from '../params/parse-range.ts'
import { family, Range, Text, TraceId } from '../params/schemas.ts'
import { encodeTraceCursor, parseTraceCursor } from '../params/trace-cursor.ts'
import { sendJson } from '../send-json.ts'
import type { Store } from '../store.ts'
import { toTime } from './encode-event.ts'

const DEFAULT_LIMIT = 20
/** Each of them is put together from its spans. */
const MAX_LIMIT = 100

/** Milliseconds of a duration: 292 years at most. */
const Duration = (description: string) => Type.Number({ minimum: 0, maximum: 9e12, description })

const traceFilter = {
  service: Type.Optional(Text('Exactly this service')),
  operation: Type.Optional(Text('Exactly this name of a span')),
  minDurationMs: Type.Optional(Duration('The span took at least as long')),
  maxDurationMs: Type.Optional(Duration('The span took no longer')),
  error: Type.Optional(Type.Boolean({ description: 'Whether the span failed' })),
  ...Range,
}

/** Traces, one trace with its spans, and one span of it. */
export function addTraceRoutes(app: HttpServer, store: Store, limits: QueryLimits): void {
  addList(app, store, limits)
  addTrace(app, store, limits)
  addSpan(app, store)
}

function addList(app: HttpServer, store: Store, limits: QueryLimits): void {
  app.get(
    '/api/v1/traces',
    {
      config: { access: 'traces:read' },
      preValidation: checkParameters,
      schema: {
        tags: ['traces'],
        summary: 'A page of traces, the newest first',
        description:
          'A trace is found where one of its spans matches everything that is given. `attr.<name>=<value>` compares a member ' +
          'of `attributes`, or of `resource`. `from` and `to` are about when that span began.',
        querystring: Type.Object(
          {
            ...traceFilter,
            limit: limitParameter(DEFAULT_LIMIT, Math.min(MAX_LIMIT, limits.pageItems)),
            cursor: Type.Optional(CursorParameter),
          },
          { patternProperties: family('attr') },
        ),
        response: { 200: TraceListSchema, default: ProblemSchema },
      },
    },
    async (request, reply) => {
      const { limit, cursor, service, operation, minDurationMs, maxDurationMs, error } = request.query
      const filter: TraceFilter = {
        ...parseRange(request.query, store.nowMs()),
        ...{ service, operation, error },
        minDurationNs: toNanoseconds(minDurationMs),
        maxDurationNs: toNanoseconds(maxDurationMs),
        attributes: parseFamily(request.query, 'attr.'),
      }
      const { items, next } = await store.listTraces(filter, { limit, after: parseTraceCursor(cursor) })
      const page: TraceList = {
        items: items.map(({ durationNs, ...rest }) => ({ ...rest, durationMs: durationNs / 1e6 })),
        nextCursor: next === undefined ? null : encodeTraceCursor(next),
      }
      return sendJson(reply, JSON.stringify(page))
    },
  )
}

function toNanoseconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.round(ms * 1e6)
}

function addTrace(app: HttpServer, store: Store, limits: QueryLimits): void {
  app.get(
    '/api/v1/traces/:id',
    {
      config: { access: 'traces:read' },
      preValidation: checkParameters,
      schema: {
        tags: ['traces'],
        summary: 'One trace with its spans, in the order in which they began',
        params: Type.Object({ id: TraceId }),
        querystring: Type.Object({
          data: Type.Boolean({
            default: true,
            description: 'Whether spans come as they were sent, too: without, more of them fit in an answer',
          }),
        }),
        response: { 200: TraceSchema, default: ProblemSchema },
      },
    },
    async (request, reply) => {
      const traceId = request.params.id.toLowerCase()
      const { spans, more } = await store.readTrace(traceId, {
        maxSpans: limits.traceSpans,
        maxBytes: limits.pageBytes,
        withData: request.query.data,
      })
      if (spans.length === 0) throw new AppError('not_found', 'There is no such trace', { field: 'id' })
      const tail = JSON.stringify({ more, traceId })
      return sendJson(reply, `{"spans":[${spans.map(encodeSpan).join(',')}],${tail.slice(1)}`)
    },
  )
}

function addSpan(app: HttpServer, store: Store): void {
  app.get(
    '/api/v1/traces/:id/spans/:spanId',
    {
      config: { access: 'traces:read' },
      preValidation: checkParameters,
      schema: {
        tags: ['traces'],
        summary: 'One span, as it was sent',
        params: Type.Object({
          id: TraceId,
          spanId: Type.String({ pattern: '^[0-9a-fA-F]{16}$', description: '16 hexadecimal digits' }),
        }),
        response: { 200: StoredSpanSchema, default: ProblemSchema },
      },
    },
    async (request, reply) => {
      const { id, spanId } = request.params
      const span = await store.findSpan(id.toLowerCase(), spanId.toLowerCase())
      if (!span) throw new AppError('not_found', 'There is no such span', { field: 'spanId' })
      return sendJson(reply, encodeSpan(span))
    },
  )
}

/** What was sent goes out exactly as it was stored. */
function encodeSpan({ receivedAtMs, durationNs, dataText, ...rest }: StoredSpan): string {
  const members: SpanAnswer = {
    ...rest,
    receivedAt: toTime(receivedAtMs),
    durationMs: durationNs / 1e6,
  }
  const head = JSON.stringify(members)
  return dataText === null ? head : `${head.slice(0, -1)},"data":${dataText}}`
}
