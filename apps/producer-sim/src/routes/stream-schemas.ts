import { KINDS, type Kind } from '@runnel/contracts'
import { Type, type TSchema } from 'typebox'
import { MAX_BATCH, MAX_RATE, MAX_WEIGHT, MIN_RATE } from '../stream/stream-options.ts'

const byKind = <T extends TSchema>(schema: T) =>
  Object.fromEntries(KINDS.map((kind) => [kind, schema])) as Record<Kind, T>

const Rate = Type.Number({ minimum: MIN_RATE, maximum: MAX_RATE, description: 'Events per second' })
const Weight = Type.Number({ minimum: 0, maximum: MAX_WEIGHT, description: '0 for none of it' })
const Seed = Type.Integer({
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
  description: 'The same seed makes the same events; another one begins another run',
})
const Batch = Type.Integer({ minimum: 1, maximum: MAX_BATCH, description: 'Events in one request' })

export const StreamChangeSchema = Type.Object(
  {
    ratePerSecond: Type.Optional(Rate),
    kinds: Type.Optional(Type.Object(byKind(Type.Optional(Weight)), { additionalProperties: false })),
    seed: Type.Optional(Seed),
    batch: Type.Optional(Batch),
  },
  {
    additionalProperties: false,
    description: 'What is missing stays as it is',
    examples: [{ ratePerSecond: 20, kinds: { products: 0 } }],
  },
)

const Counts = Type.Object({
  sent: Type.Integer(),
  acknowledged: Type.Integer({ description: 'ingest-api answered 2xx' }),
  rejected: Type.Integer({ description: 'ingest-api refused them for good' }),
  failed: Type.Integer({ description: 'No 2xx came in time' }),
  skipped: Type.Integer({
    description: 'Never sent: too many were unanswered, or ingest-api asked for a pause',
  }),
})

export const StreamStateSchema = Type.Object({
  state: Type.Unsafe<'running' | 'stopped'>({ type: 'string', enum: ['running', 'stopped'] }),
  since: Type.String({ description: 'When it last started or stopped' }),
  run: Type.Union([Type.String(), Type.Null()], { description: 'Stands in the eventId of each event' }),
  settings: Type.Object({
    ratePerSecond: Rate,
    kinds: Type.Object(byKind(Weight)),
    seed: Seed,
    batch: Batch,
  }),
  outstanding: Type.Integer({ description: 'Requests without an answer' }),
  counts: Type.Object(byKind(Counts), { description: 'Events of this run' }),
  answers: Type.Unsafe<Record<string, number>>({
    type: 'object',
    additionalProperties: { type: 'integer' },
    description: 'Requests of this run by status; `none` where no answer came',
  }),
  lastFailure: Type.Union([Type.Object({ at: Type.String(), reason: Type.String() }), Type.Null()]),
})
