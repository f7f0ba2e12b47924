import { KINDS, type Kind } from '@runnel/contracts'
import { CursorParameter, limitParameter } from '@runnel/http'
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
    replayed: Type.Optional(
      Type.Boolean({ description: 'false: only those that have not been replayed since they failed' }),
    ),
    limit: limitParameter(50, 1000),
    cursor: Type.Optional(CursorParameter),
  },
  { additionalProperties: false },
)

export const ReplayFilterSchema = Type.Object(
  { ...filter, limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })) },
  { additionalProperties: false, description: 'Everything that is given has to match' },
)
