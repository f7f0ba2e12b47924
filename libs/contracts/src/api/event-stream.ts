import { Type, type Static, type TSchema } from 'typebox'
import { KINDS, type Kind } from '../events/kinds.ts'

/** Events per second of a stream. */
export const MIN_STREAM_RATE = 0.1
export const MAX_STREAM_RATE = 1000
/** Events in one request of a stream. */
export const MAX_STREAM_BATCH = 100
/** Share of a kind in a stream, against the other kinds. */
const MAX_WEIGHT = 1000

const byKind = <T extends TSchema>(schema: T) =>
  Object.fromEntries(KINDS.map((kind) => [kind, schema])) as Record<Kind, T>

/** Settings of a stream that can change at any time. */
export const StreamSettingsSchema = Type.Object({
  ratePerSecond: Type.Number({
    minimum: MIN_STREAM_RATE,
    maximum: MAX_STREAM_RATE,
    description: 'Events per second',
  }),
  kinds: Type.Object(
    byKind(Type.Number({ minimum: 0, maximum: MAX_WEIGHT, description: '0 for none of it' })),
  ),
  seed: Type.Integer({
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
    description: 'The same seed makes the same events; another one begins another run',
  }),
  batch: Type.Integer({ minimum: 1, maximum: MAX_STREAM_BATCH, description: 'Events in one request' }),
})

const Counts = Type.Object({
  sent: Type.Integer(),
  acknowledged: Type.Integer({ description: 'ingest-api answered 2xx' }),
  rejected: Type.Integer({ description: 'ingest-api refused them for good' }),
  failed: Type.Integer({ description: 'No 2xx came in time' }),
  skipped: Type.Integer({
    description: 'Never sent: too many were unanswered, or ingest-api asked for a pause',
  }),
})

/** The answer of every route below /api/v1/stream. */
export const StreamStateSchema = Type.Object({
  state: Type.Unsafe<'running' | 'stopped'>({ type: 'string', enum: ['running', 'stopped'] }),
  since: Type.String({ description: 'When it last started or stopped' }),
  run: Type.Union([Type.String(), Type.Null()], { description: 'Stands in the eventId of each event' }),
  settings: StreamSettingsSchema,
  outstanding: Type.Integer({ description: 'Requests without an answer' }),
  counts: Type.Object(byKind(Counts), { description: 'Events of this run' }),
  answers: Type.Unsafe<Record<string, number>>({
    type: 'object',
    additionalProperties: { type: 'integer' },
    description: 'Requests of this run by status; `none` where no answer came',
  }),
  lastFailure: Type.Union([Type.Object({ at: Type.String(), reason: Type.String() }), Type.Null()]),
})

export type StreamState = Static<typeof StreamStateSchema>
