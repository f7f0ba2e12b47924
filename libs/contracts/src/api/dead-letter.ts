import { Type, type Static } from 'typebox'
import { NullableText } from './nullable.ts'

/** An event that could not be stored. */
export const DeadLetterSchema = Type.Object({
  id: Type.Integer(),
  eventId: Type.String(),
  kind: Type.String(),
  subject: Type.String(),
  reason: Type.String(),
  operation: Type.String(),
  key: NullableText,
  payload: Type.String({ description: 'As it arrived: text, or base64 where it is not UTF-8' }),
  payloadEncoding: Type.String({ description: 'utf8 or base64' }),
  firstFailedAt: Type.String(),
  lastFailedAt: Type.String(),
  attempts: Type.Integer(),
  replayedAt: NullableText,
})

export type DeadLetter = Static<typeof DeadLetterSchema>

/** The answer to a replay. */
export const ReplayedSchema = Type.Object({ status: Type.Literal('ok'), replayed: Type.Integer() })

export type Replayed = Static<typeof ReplayedSchema>
