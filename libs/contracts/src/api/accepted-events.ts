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
    status: Type.String({ description: '`ok`: the broker keeps it. `stored`: the row is committed' }),
    accepted: Type.Optional(Type.Integer({ description: 'Only for batches' })),
    rejected: Type.Optional(Type.Array(RejectedEventSchema)),
  },
  { description: 'Durably accepted. A single event is named in the header Event-Id.' },
)

type RejectedEvent = Static<typeof RejectedEventSchema>

export type AcceptedEvents = Readonly<Omit<Static<typeof AcceptedEventsSchema>, 'rejected'>> & {
  readonly rejected?: readonly RejectedEvent[]
}
