import { Type, type Static } from 'typebox'

/** Minutes before now of which the use of keys may be asked. */
export const USAGE_MINUTES = { min: 5, max: 1440, default: 60 } as const

const members = {
  id: Type.String(),
  name: Type.String(),
  requests: Type.Number({ description: 'That were let in' }),
  refused: Type.Number({
    description: 'By a quota, for a scope that is missing, from another network, or after the end of the key',
  }),
  events: Type.Number({
    description: 'In requests that were let in, those that were refused by themselves included',
  }),
  bytes: Type.Number({ description: 'Of bodies as received' }),
}

/** What one key did at all replicas. */
const KeyUsageSchema = Type.Object(members)

export type KeyUsage = Static<typeof KeyUsageSchema>

/** GET /api/v1/keys/usage */
export const KeyUsagesSchema = Type.Object({
  from: Type.String({ description: 'From when on it counts: the start of five minutes' }),
  items: Type.Array(KeyUsageSchema, {
    description:
      'Keys that did something, those with the most requests first. Replicas add what they counted every ten seconds',
  }),
})

export type KeyUsages = Static<typeof KeyUsagesSchema>
