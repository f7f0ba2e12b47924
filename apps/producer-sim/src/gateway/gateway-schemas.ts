import { Type } from 'typebox'
import { BEHAVIOURS, type Behaviour, type Probabilities } from './behaviours.ts'
import { MAX_DELAY_MS, MAX_RETRY_AFTER_SECONDS } from './gateway-settings.ts'

const Probability = Type.Number({ minimum: 0, maximum: 1 })
const word = <T extends string>(words: readonly T[], description: string) =>
  Type.Unsafe<T>({ type: 'string', enum: words, description })
const byBehaviour = (schema: object, description: string) => ({
  type: 'object',
  properties: Object.fromEntries(BEHAVIOURS.map((one) => [one, schema])),
  additionalProperties: false,
  description,
})

const members = {
  seed: Type.Integer({
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
    description: 'Decides which call meets what; another one begins another sequence',
  }),
  latencyMs: Type.Integer({ minimum: 0, maximum: MAX_DELAY_MS, description: 'Before every answer' }),
  slowMs: Type.Integer({
    minimum: 0,
    maximum: MAX_DELAY_MS,
    description: 'Beside it, where a call meets slow',
  }),
  retryAfterSeconds: Type.Integer({
    minimum: 0,
    maximum: MAX_RETRY_AFTER_SECONDS,
    description: 'Beside 429',
  }),
  deduplicates: Type.Boolean({
    description: 'Whether a message that was taken before is recognised by its id',
  }),
}

export const GatewayChangeSchema = Type.Object(
  {
    mode: Type.Optional(
      word(
        [...BEHAVIOURS, 'down'],
        'One behaviour for every call; down: nothing listens, connections are cut',
      ),
    ),
    probabilities: Type.Optional(
      Type.Unsafe<Readonly<Partial<Probabilities>>>(
        byBehaviour(Probability, 'A mix, instead of a mode; what they leave to 1 is ok'),
      ),
    ),
    seed: Type.Optional(members.seed),
    latencyMs: Type.Optional(members.latencyMs),
    slowMs: Type.Optional(members.slowMs),
    retryAfterSeconds: Type.Optional(members.retryAfterSeconds),
    deduplicates: Type.Optional(members.deduplicates),
  },
  {
    additionalProperties: false,
    examples: [{ probabilities: { '500': 0.1, 'reset-after-accept': 0.05 }, seed: 7 }],
  },
)

export const GatewayStateSchema = Type.Object({
  url: Type.Union([Type.String(), Type.Null()], { description: 'Where it listens' }),
  mode: word([...BEHAVIOURS, 'down', 'mixed'], 'What it does now'),
  probabilities: Type.Unsafe<Probabilities>(byBehaviour(Probability, 'How often each of them comes')),
  ...members,
})

export const GatewayStatsSchema = Type.Object({
  calls: Type.Integer({ description: 'All that were well-formed and had the token' }),
  accepted: Type.Integer({ description: 'Calls that were taken, whatever the caller heard' }),
  effects: Type.Integer({ description: 'Messages that were delivered' }),
  messages: Type.Integer({ description: 'Different ids among them' }),
  duplicates: Type.Integer({ description: 'Effects beyond the first of an id: 0 where it de-duplicates' }),
  byBehaviour: Type.Unsafe<Record<Behaviour, number>>(byBehaviour(Type.Integer(), 'Calls')),
  firstAtMs: Type.Union([Type.Number(), Type.Null()], { description: 'Milliseconds since 1970' }),
  lastAtMs: Type.Union([Type.Number(), Type.Null()]),
  refused: Type.Object({
    unauthorised: Type.Integer(),
    malformed: Type.Integer(),
    full: Type.Integer({ description: 'No more calls could be kept' }),
  }),
})

export const MAX_PAGE = 10_000

export const CallsQuerySchema = Type.Object(
  {
    limit: Type.Integer({ minimum: 1, maximum: MAX_PAGE, default: 100 }),
    cursor: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
  },
  { additionalProperties: false },
)

export const CallsSchema = Type.Object({
  items: Type.Array(
    Type.Object({
      msgId: Type.Integer(),
      phone: Type.Integer(),
      atMs: Type.Number({ description: 'When its body was whole, in milliseconds since 1970' }),
      behaviour: word(BEHAVIOURS, 'What it met'),
      accepted: Type.Boolean({ description: 'It was taken, whatever the caller heard' }),
      effect: Type.Boolean({
        description: 'A message was delivered: accepted, and not recognised as a repeat',
      }),
    }),
  ),
  nextCursor: Type.Union([Type.String(), Type.Null()]),
})
