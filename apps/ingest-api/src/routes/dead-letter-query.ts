import { KINDS, parseTimestamp, type Kind } from '@runnel/contracts'
import { CursorParameter, limitParameter } from '@runnel/http'
import type { DeadLetterFilter } from '@runnel/repositories-events'
import { Type } from 'typebox'

const Time = Type.String({ timestamp: true, maxLength: 40, description: 'RFC 3339' })

const filter = {
  kind: Type.Optional(Type.Unsafe<Kind>({ type: 'string', enum: [...KINDS] })),
  reason: Type.Optional(Type.String({ maxLength: 200, description: 'Part of the reason' })),
  code: Type.Optional(
    Type.String({ maxLength: 40, description: 'Code or SQLSTATE that the reason begins with, or other' }),
  ),
  from: Type.Optional(Time),
  to: Type.Optional(Time),
}

const Replayed = Type.Optional(
  Type.Boolean({ description: 'false: only those that have not been replayed since they failed' }),
)

export const DeadLetterGroupQuerySchema = Type.Object(
  { ...filter, replayed: Replayed },
  { additionalProperties: false },
)

export const DeadLetterQuerySchema = Type.Object(
  { ...filter, replayed: Replayed, limit: limitParameter(50, 1000), cursor: Type.Optional(CursorParameter) },
  { additionalProperties: false },
)

export const ReplayFilterSchema = Type.Object(
  { ...filter, limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })) },
  { additionalProperties: false, description: 'Everything that is given has to match' },
)

export const DeleteFilterSchema = Type.Object(
  {
    ...filter,
    replayed: Replayed,
    throughId: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: Number.MAX_SAFE_INTEGER,
        description: 'Letters up to this one: newestId of the groups, so that later ones stay',
      }),
    ),
    count: Type.Integer({
      minimum: 1,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'How many match: as a confirmation. Where another number does, nothing is deleted',
    }),
  },
  { additionalProperties: false, description: 'Everything that is given has to match' },
)

interface FilterParameters {
  readonly kind?: string
  readonly reason?: string
  readonly code?: string
  readonly from?: string
  readonly to?: string
  readonly replayed?: boolean
  readonly throughId?: number
}

export function toFilter({ reason, code, from, to, ...rest }: FilterParameters): DeadLetterFilter {
  const { kind, replayed, throughId } = rest
  return {
    kind,
    reason: reason?.replaceAll('\0', ''),
    code: code?.replaceAll('\0', ''),
    from: toDate(from),
    to: toDate(to),
    replayed,
    throughId,
  }
}

/** The schema has let nothing else pass. */
function toDate(value: string | undefined): Date | undefined {
  const ms = parseTimestamp(value)
  return ms === undefined ? undefined : new Date(ms)
}
