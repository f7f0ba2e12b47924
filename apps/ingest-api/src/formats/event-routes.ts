import { LogSchema, MetricSchema, ProductSchema, type Kind } from '@runnel/contracts'
import { ProblemSchema } from '@runnel/http'
import { Type } from 'typebox'

const BODY_SCHEMAS = { metrics: MetricSchema, logs: LogSchema, products: ProductSchema }

const QuerySchema = Type.Object(
  {
    wait: Type.Optional(
      Type.Literal('stored', {
        description: 'Answer once the row is committed in PostgreSQL, rather than once the broker keeps it',
      }),
    ),
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

const AcceptedSchema = Type.Object(
  {
    status: Type.String({ description: '`ok`: the broker keeps it. `stored`: the row is committed' }),
    accepted: Type.Optional(Type.Integer({ description: 'Only for batches' })),
    rejected: Type.Optional(
      Type.Array(
        Type.Object({
          index: Type.Integer(),
          code: Type.String(),
          message: Type.String(),
          field: Type.Optional(Type.String()),
        }),
      ),
    ),
  },
  { description: 'Durably accepted. A single event is named in the header Event-Id.' },
)

const PROBLEMS = [400, 413, 415, 422, 429, 503] as const

/** How an intake route is shown at /docs. */
export function describeIntake(kind: Kind, summary: string) {
  const problems = Object.fromEntries(PROBLEMS.map((status) => [status, ProblemSchema]))
  return {
    tags: [kind],
    summary,
    querystring: QuerySchema,
    headers: HeadersSchema,
    response: { 200: AcceptedSchema, 202: AcceptedSchema, ...problems },
  }
}

/** Only for the documentation: the body reaches the route as bytes and is checked item by item. */
export function describeBody(kind: Kind) {
  const item = Type.Unsafe({ ...BODY_SCHEMAS[kind], $id: undefined })
  return Type.Union([item, Type.Array(item)])
}
