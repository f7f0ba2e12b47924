import { Type, type Static } from 'typebox'

/** GET /api/v1/clients/totals */
export const ClientTotalsSchema = Type.Object({
  count: Type.Integer({ description: 'Clients that match' }),
  optedOut: Type.Integer({ description: 'Of them, those that have opted out' }),
})

export type ClientTotals = Static<typeof ClientTotalsSchema>

/** GET /api/v1/clients/attributes */
export const ClientAttributesSchema = Type.Object({
  items: Type.Array(
    Type.Object({ name: Type.String(), count: Type.Integer({ description: 'Clients that have it' }) }),
    { description: 'The most frequent first, at most 100' },
  ),
})

export type ClientAttributes = Static<typeof ClientAttributesSchema>
