import { Type, type Static } from 'typebox'
import { NullableText } from './nullable.ts'

/** An event that could not be stored. */
export const DeadLetterSchema = Type.Object({
  id: Type.Integer(),
  eventId: Type.String(),
  kind: Type.String(),
  subject: Type.String(),
  reason: Type.String(),
  code: Type.String({ description: 'What the reason begins with: a code, an SQLSTATE, or other' }),
  operation: Type.String(),
  key: NullableText,
  form: Type.Union([Type.String(), Type.Null()], {
    description: 'item, message, entry or envelope; null where it failed before this was kept',
  }),
  payload: Type.String({ description: 'As it arrived: text, or base64 where it is not UTF-8' }),
  payloadEncoding: Type.String({ description: 'utf8 or base64' }),
  payloadBytes: Type.Integer({ description: 'As it arrived' }),
  receivedAt: NullableText,
  firstFailedAt: Type.String(),
  lastFailedAt: Type.String(),
  attempts: Type.Integer(),
  replayedAt: NullableText,
})

export type DeadLetter = Static<typeof DeadLetterSchema>

/** The answer to a replay. */
export const ReplayedSchema = Type.Object({ status: Type.Literal('ok'), replayed: Type.Integer() })

export type Replayed = Static<typeof ReplayedSchema>

/** Counts of dead letters by kind and by what their reason begins with. */
export const DeadLetterGroupsSchema = Type.Object({
  count: Type.Integer({ description: 'All that match' }),
  payloadBytes: Type.Integer(),
  newestId: Type.Union([Type.Integer(), Type.Null()], { description: 'The newest one that was counted' }),
  groups: Type.Array(
    Type.Object({
      kind: Type.String(),
      code: Type.String(),
      count: Type.Integer(),
      payloadBytes: Type.Integer(),
      newestId: Type.Integer(),
      firstFailedAt: Type.String(),
      lastFailedAt: Type.String(),
      reason: Type.String({ description: 'Of the newest one' }),
    }),
  ),
})

export type DeadLetterGroups = Static<typeof DeadLetterGroupsSchema>

/** The answer to a deletion. */
export const DeletedSchema = Type.Object({
  status: Type.Literal('ok'),
  deleted: Type.Integer(),
  remaining: Type.Integer({ description: 'That matched and are still there' }),
})

export type Deleted = Static<typeof DeletedSchema>
