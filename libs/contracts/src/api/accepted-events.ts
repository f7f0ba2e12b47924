import { Type, type Static } from 'typebox'

const RejectedEventSchema = Type.Object({
  index: Type.Integer(),
  code: Type.String(),
  message: Type.String(),
  field: Type.Optional(Type.String()),
})

/** The answer to events that were accepted. */
export const AcceptedEventsSchema = Type.Object(
  {
    status: Type.Unsafe<'ok' | 'stored' | 'superseded' | 'duplicate'>({
      type: 'string',
      enum: ['ok', 'stored', 'superseded', 'duplicate'],
      description:
        '`ok`, with 202: the event is kept, and nothing more is promised. With 200, `stored`: it is committed in ' +
        'PostgreSQL. `superseded`: so it is, but its product has a newer state than what it says. `duplicate`: nothing was ' +
        'stored of it, for an event with the same key was there before. A batch is `ok` or `stored`',
    }),
    id: Type.Optional(
      Type.Integer({
        description: 'Of the product, where it was sent without one. With 200, not for batches',
      }),
    ),
    accepted: Type.Optional(Type.Integer({ description: 'Only for batches' })),
    rejected: Type.Optional(Type.Array(RejectedEventSchema)),
    superseded: Type.Optional(
      Type.Array(Type.Integer(), {
        description:
          'Of a batch with 200: places of the items whose product has a newer state than what they say',
      }),
    ),
    duplicates: Type.Optional(
      Type.Array(Type.Object({ index: Type.Integer(), eventId: Type.String() }), {
        description: 'Of a batch with 200: items whose key an event had before, and the id of that event',
      }),
    ),
    products: Type.Optional(
      Type.Array(Type.Object({ index: Type.Integer(), id: Type.Integer() }), {
        description: 'Of a batch with 200: the products of items that were sent without an id',
      }),
    ),
  },
  {
    description:
      'Durably accepted. A single event is named in the header Event-Id; a duplicate, by the event that is stored. With ?wait=stored, Runnel-Position is for requests to query-api that are to find what was stored here.',
  },
)

type Answer = Static<typeof AcceptedEventsSchema>

/** The same, for an answer that is only read. */
export type AcceptedEvents = {
  readonly [Name in keyof Answer]: Answer[Name] extends readonly (infer Item)[] | undefined
    ? readonly Item[]
    : Answer[Name]
}
