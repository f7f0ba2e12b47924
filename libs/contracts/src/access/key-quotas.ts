import { Type, type Static } from 'typebox'

const Rate = (what: string) =>
  Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000_000, description: `${what} per second` }))
const Share = (what: string) =>
  Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000, description: `${what} at a time` }))

/** What a key may use, at each replica by itself; what is left out has no limit of its own. */
export const KeyQuotasSchema = Type.Object(
  {
    requests: Rate('Requests'),
    events: Rate('Events'),
    bytes: Rate('Bytes of bodies, as received,'),
    reads: Share('Reads'),
    tails: Share('Live tails'),
    exports: Share('Exports'),
  },
  { additionalProperties: false },
)

export type KeyQuotas = Static<typeof KeyQuotasSchema>
export type QuotaName = keyof KeyQuotas
