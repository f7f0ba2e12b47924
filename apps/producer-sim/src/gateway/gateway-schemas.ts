import {
  BEHAVIOURS,
  byBehaviour,
  GatewayStateSchema,
  type Behaviour,
  type Probabilities,
} from '@runnel/contracts/api/fake-gateway'
import { Type } from 'typebox'

const { seed, latencyMs, slowMs, retryAfterSeconds, deduplicates, phoneSuffix, refusedSuffix } =
  GatewayStateSchema.properties

export const GatewayChangeSchema = Type.Object(
  {
    mode: Type.Optional(
      Type.Unsafe<Behaviour | 'down'>({
        type: 'string',
        enum: [...BEHAVIOURS, 'down'],
        description: 'One behaviour for every call; down: nothing listens, connections are cut',
      }),
    ),
    probabilities: Type.Optional(
      Type.Unsafe<Readonly<Partial<Probabilities>>>(
        byBehaviour(
          Type.Number({ minimum: 0, maximum: 1 }),
          'A mix, instead of a mode; what they leave to 1 is ok',
        ),
      ),
    ),
    seed: Type.Optional(seed),
    latencyMs: Type.Optional(latencyMs),
    slowMs: Type.Optional(slowMs),
    retryAfterSeconds: Type.Optional(retryAfterSeconds),
    deduplicates: Type.Optional(deduplicates),
    phoneSuffix: Type.Optional(phoneSuffix),
    refusedSuffix: Type.Optional(refusedSuffix),
  },
  {
    additionalProperties: false,
    examples: [{ probabilities: { '500': 0.1, 'reset-after-accept': 0.05 }, seed: 7 }],
  },
)

const MAX_PAGE = 10_000

export const CallsQuerySchema = Type.Object(
  {
    limit: Type.Integer({ minimum: 1, maximum: MAX_PAGE, default: 100 }),
    cursor: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
  },
  { additionalProperties: false },
)
