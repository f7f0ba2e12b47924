import { KINDS, type Kind } from '@runnel/contracts'
import { Type } from 'typebox'

const Time = Type.String({ timestamp: true, maxLength: 40, description: 'RFC 3339' })

const filter = {
  kind: Type.Optional(Type.Unsafe<Kind>({ type: 'string', enum: [...KINDS] })),
  reason: Type.Optional(Type.String({ maxLength: 200, description: 'Part of the reason' })),
  from: Type.Optional(Time),
  to: Type.Optional(Time),
}

export const DeadLetterQuerySchema = Type.Object(
  {
    ...filter,
    replayed: Type.Optional(Type.Boolean({ description: 'false: only those that nobody has replayed yet' })),
    limit: Type.Integer({ minimum: 1, maximum: 1000, default: 50 }),
    cursor: Type.Optional(Type.String({ maxLength: 20 })),
  },
  { additionalProperties: false },
)

export const ReplayFilterSchema = Type.Object(
  { ...filter, limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })) },
  { additionalProperties: false, description: 'Everything that is given has to match' },
)

export const DeadLetterIdSchema = Type.Object({
  id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
})

const DeadLetterSchema = Type.Object({
  id: Type.Integer(),
  eventId: Type.String(),
  kind: Type.String(),
  subject: Type.String(),
  reason: Type.String(),
  operation: Type.String(),
  key: Type.Union([Type.String(), Type.Null()]),
  payload: Type.String({ description: 'As it arrived: text, or base64 where it is not UTF-8' }),
  payloadEncoding: Type.String({ description: 'utf8 or base64' }),
  firstFailedAt: Type.String(),
  lastFailedAt: Type.String(),
  attempts: Type.Integer(),
  replayedAt: Type.Union([Type.String(), Type.Null()]),
})

export const DeadLetterPageSchema = Type.Object({
  items: Type.Array(DeadLetterSchema),
  nextCursor: Type.Union([Type.String(), Type.Null()]),
})

export const ReplayedSchema = Type.Object({ status: Type.Literal('ok'), replayed: Type.Integer() })
