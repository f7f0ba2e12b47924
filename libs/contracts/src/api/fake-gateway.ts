import { Type, type Static } from 'typebox'

/**
 * What the fake gateway may do with a call. `slow`: takes it, and answers late. `hang`: never answers.
 * `reset-after-accept`: takes it, then cuts the connection. `reset-before`: cuts it without taking it. `garbage`: takes
 * it, and answers 200 with what is no JSON. `nonzero-code`: refuses it with 200. `204`: takes it, and answers with nothing. Other
 * numbers are refusals with that status.
 */
export const BEHAVIOURS = [
  'ok',
  'slow',
  'hang',
  'reset-after-accept',
  'reset-before',
  '400',
  '401',
  '429',
  '500',
  'garbage',
  'nonzero-code',
  '403',
  '404',
  '204',
] as const

export type Behaviour = (typeof BEHAVIOURS)[number]

/** How often each of them comes, from 0 to 1; together 1. */
export type Probabilities = Readonly<Record<Behaviour, number>>

export const MAX_DELAY_MS = 600_000
export const MAX_RETRY_AFTER_SECONDS = 86_400

const oneOf = <T extends string>(words: readonly T[], description: string) =>
  Type.Unsafe<T>({ type: 'string', enum: words, description })

/** A JSON Schema: a member for each behaviour. */
export const byBehaviour = (schema: object, description: string) => ({
  type: 'object',
  properties: Object.fromEntries(BEHAVIOURS.map((one) => [one, schema])),
  additionalProperties: false,
  description,
})

/** GET /api/v1/gateway */
export const GatewayStateSchema = Type.Object({
  url: Type.Union([Type.String(), Type.Null()], { description: 'Where it listens' }),
  mode: oneOf([...BEHAVIOURS, 'down', 'mixed'], 'What it does now'),
  probabilities: Type.Unsafe<Probabilities>(
    byBehaviour(Type.Number({ minimum: 0, maximum: 1 }), 'How often each of them comes'),
  ),
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
  phoneSuffix: Type.String({
    pattern: '^\\d{0,15}$',
    description: 'Only calls to phones that end so meet something else than ok; empty: all',
  }),
  refusedSuffix: Type.String({
    pattern: '^\\d{0,15}$',
    description: 'Calls to phones that end so meet nonzero-code, whatever others meet; empty: none',
  }),
})

export type GatewayState = Static<typeof GatewayStateSchema>

/** GET /api/v1/gateway/stats */
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

export type GatewayStats = Static<typeof GatewayStatsSchema>

const GatewayCallSchema = Type.Object({
  msgId: Type.Integer(),
  phone: Type.Integer(),
  atMs: Type.Number({ description: 'When its body was whole, in milliseconds since 1970' }),
  behaviour: oneOf(BEHAVIOURS, 'What it met'),
  accepted: Type.Boolean({ description: 'It was taken, whatever the caller heard' }),
  effect: Type.Boolean({
    description: 'A message was delivered: accepted, and not recognised as a repeat',
  }),
})

export type GatewayCall = Readonly<Static<typeof GatewayCallSchema>>

/** GET /api/v1/gateway/calls */
export const GatewayCallsSchema = Type.Object({
  items: Type.Array(GatewayCallSchema),
  nextCursor: Type.Union([Type.String(), Type.Null()]),
})

export type GatewayCalls = Static<typeof GatewayCallsSchema>
