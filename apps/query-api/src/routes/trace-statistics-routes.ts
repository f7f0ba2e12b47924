import {
  OperationsSchema,
  ServiceMapSchema,
  type Operations,
  type ServiceMap,
  type TraceLatency,
} from '@runnel/contracts/api/trace'
import { limitParameter, ProblemSchema, type HttpServer } from '@runnel/http'
import type { Latency, MinuteRange } from '@runnel/repositories-events'
import { Type } from 'typebox'
import type { QueryLimits } from '../limits.ts'
import { checkParameters } from '../params/check-parameters.ts'
import { parseClosedRange } from '../params/parse-range.ts'
import { Range, Text } from '../params/schemas.ts'
import { sendJson } from '../send-json.ts'
import type { Store } from '../store.ts'
import { toTime } from './encode-event.ts'

const DEFAULT_LIMIT = 100

const MINUTE_MS = 60_000

/** What is counted of spans as they come: latency by operation, and who calls whom. */
export function addTraceStatisticsRoutes(app: HttpServer, store: Store, limits: QueryLimits): void {
  const limit = limitParameter(DEFAULT_LIMIT, limits.pageItems)
  app.get(
    '/api/v1/traces/operations',
    {
      config: { access: 'traces:read' },
      preValidation: checkParameters,
      schema: {
        tags: ['traces'],
        summary: 'Rate, errors and latency by operation, the busiest first',
        description: 'Counted in whole minutes, by when spans began.',
        querystring: Type.Object({ service: Type.Optional(Text('Exactly this service')), ...Range, limit }),
        response: { 200: OperationsSchema, default: ProblemSchema },
      },
    },
    async (request, reply) => {
      const range = wholeMinutes(parseClosedRange(request.query, store.nowMs()))
      const { service, limit: maxItems } = request.query
      const { items, truncated } = await store.readOperations({ ...range, service }, maxItems)
      const answer: Operations = {
        ...presentRange(range),
        items: items.map(({ service: of, operation, kind, ...rest }) => ({
          ...{ service: of, operation, kind },
          ...presentLatency(rest, range),
        })),
        truncated,
      }
      return sendJson(reply, JSON.stringify(answer))
    },
  )
  app.get(
    '/api/v1/traces/services',
    {
      config: { access: 'traces:read' },
      preValidation: checkParameters,
      schema: {
        tags: ['traces'],
        summary: 'The services, and who calls whom, the busiest first',
        description:
          'Counted in whole minutes, by when spans began. A service counts by what it was asked for; a call counts once its ' +
          'caller has come.',
        querystring: Type.Object({ ...Range, limit }),
        response: { 200: ServiceMapSchema, default: ProblemSchema },
      },
    },
    async (request, reply) => {
      const range = wholeMinutes(parseClosedRange(request.query, store.nowMs()))
      const { services, edges, truncated } = await store.readServiceMap(range, request.query.limit)
      const answer: ServiceMap = {
        ...presentRange(range),
        services: services.map(({ service, ...rest }) => ({ service, ...presentLatency(rest, range) })),
        edges: edges.map(({ caller, callee, ...rest }) => ({
          ...{ caller, callee },
          ...presentLatency(rest, range),
        })),
        truncated,
      }
      return sendJson(reply, JSON.stringify(answer))
    },
  )
}

/** With the minutes that begin before it and end after it. */
function wholeMinutes({ fromMs, toMs }: MinuteRange): MinuteRange {
  return {
    fromMs: Math.floor(fromMs / MINUTE_MS) * MINUTE_MS,
    toMs: Math.ceil(toMs / MINUTE_MS) * MINUTE_MS,
  }
}

function presentRange({ fromMs, toMs }: MinuteRange) {
  return { from: toTime(fromMs), to: toTime(toMs) }
}

function presentLatency(
  { count, errors, meanNs, p50Ns, p95Ns, p99Ns }: Latency,
  { fromMs, toMs }: MinuteRange,
): TraceLatency {
  return {
    ...{ count, errors },
    perSecond: count / ((toMs - fromMs) / 1000),
    meanMs: meanNs / 1e6,
    p50Ms: p50Ns / 1e6,
    p95Ms: p95Ns / 1e6,
    p99Ms: p99Ns / 1e6,
  }
}
