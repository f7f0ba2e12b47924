import {
  LogSchema,
  MetricSchema,
  ProductDeletionSchema,
  ProductSchema,
  SpanSchema,
  type Kind,
} from '@runnel/contracts'
import { AcceptedEventsSchema } from '@runnel/contracts/api/accepted-events'
import { ProblemSchema } from '@runnel/http'
import type { FastifySchema } from 'fastify'
import { Type, type TSchema } from 'typebox'
import type { DecodedBody, DecodeLimits, WireRoute } from '../wire-format.ts'
import { waitParameter } from './shared/wait-parameter.ts'

interface EventRoutes {
  readonly urls: readonly string[]
  readonly item: TSchema
  readonly summary: string
}

/** Where each kind of event is POSTed as JSON. */
const EVENT_ROUTES: Readonly<Record<Kind, EventRoutes>> = {
  metrics: {
    urls: ['/api/v1/metrics'],
    item: MetricSchema,
    summary: 'One metric, an array of them, or NDJSON',
  },
  logs: {
    urls: ['/api/v1/logs', '/log'],
    item: LogSchema,
    summary: 'One log entry, an array of them, or NDJSON',
  },
  products: {
    urls: ['/api/v1/products'],
    item: ProductSchema,
    summary: 'One product, an array of them, or NDJSON: upserts',
  },
  traces: {
    urls: ['/api/v1/traces'],
    item: SpanSchema,
    summary: 'One span of a trace, an array of them, or NDJSON: each is stored once, by its ids',
  },
}

/** The routes of events, for a format that reads the same way at all of them. */
export function serveEventRoutes(
  decode: (
    kind: Kind,
    bytes: Buffer,
    limits: DecodeLimits,
  ) => DecodedBody<undefined> | Promise<DecodedBody<undefined>>,
): WireRoute<undefined>[] {
  return (Object.keys(EVENT_ROUTES) as Kind[]).flatMap((kind) =>
    EVENT_ROUTES[kind].urls.map((url, i) => ({
      url,
      access: `${kind}:write` as const,
      schema: describeEventRoute(kind, i === 0 ? undefined : EVENT_ROUTES[kind].urls[0]),
      decode: (bytes: Buffer, _request: unknown, limits: DecodeLimits) => decode(kind, bytes, limits),
    })),
  )
}

function describeEventRoute(kind: Kind, original: string | undefined): FastifySchema {
  const { item, summary } = EVENT_ROUTES[kind]
  const one = Type.Unsafe({ ...item, $id: undefined })
  return {
    ...describeIntake(kind, original === undefined ? summary : `The same as ${original}`),
    body: Type.Union([one, Type.Array(one)]),
  }
}

/**
 * What senders add for access to other systems: ignored, and never logged. Any other name is refused, for it may be a misspelt
 * `wait`.
 */
const IGNORED_PARAMETERS = [
  'token',
  'access_token',
  'auth_token',
  'api_key',
  'apikey',
  'api-key',
  'key',
] as const

const ignored = Object.fromEntries(
  IGNORED_PARAMETERS.map((name) => [name, Type.Optional(Type.Unknown({ description: 'Ignored' }))]),
)

const QuerySchema = Type.Object({ ...ignored, wait: waitParameter }, { additionalProperties: false })

/** Of the deletion of a product. */
export const DeletionQuerySchema = Type.Object(
  {
    ...ignored,
    wait: waitParameter,
    version: Type.Optional(ProductDeletionSchema.properties.version.anyOf[0]),
  },
  { additionalProperties: false },
)

const HeadersSchema = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      description: 'A second event with this key is dropped for 48 h; items of a batch get key#index',
    }),
  ),
})

const PROBLEMS = [400, 413, 415, 422, 429, 503] as const

/** How a route that takes events in is shown at /docs. */
export function describeIntake(kind: Kind, summary: string) {
  const problems = Object.fromEntries(PROBLEMS.map((status) => [status, ProblemSchema]))
  return {
    tags: [kind],
    summary,
    querystring: QuerySchema,
    headers: HeadersSchema,
    response: { 200: AcceptedEventsSchema, 202: AcceptedEventsSchema, ...problems },
  }
}
