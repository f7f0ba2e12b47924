import { KINDS, type Kind } from '@runnel/contracts'
import { StreamSettingsSchema } from '@runnel/contracts/api/event-stream'
import { Type } from 'typebox'

const { ratePerSecond, kinds, seed, batch } = StreamSettingsSchema.properties
const optionalWeight = (kind: Kind) => Type.Optional(kinds.properties[kind])
const weights = Object.fromEntries(KINDS.map((kind) => [kind, optionalWeight(kind)])) as Record<
  Kind,
  ReturnType<typeof optionalWeight>
>

export const StreamChangeSchema = Type.Object(
  {
    ratePerSecond: Type.Optional(ratePerSecond),
    kinds: Type.Optional(Type.Object(weights, { additionalProperties: false })),
    seed: Type.Optional(seed),
    batch: Type.Optional(batch),
  },
  {
    additionalProperties: false,
    description: 'What is missing stays as it is',
    examples: [{ ratePerSecond: 20, kinds: { products: 0 } }],
  },
)
