import { Type, type Static, type TObject } from 'typebox'
import { eventMembers } from './event-page.ts'
import { NullableText } from './nullable.ts'

/** A stored log entry. */
export const LogEntrySchema = Type.Object({
  ...eventMembers,
  level: NullableText,
  service: NullableText,
  message: NullableText,
  timeUnread: Type.Optional(
    Type.Boolean({
      description:
        'True where the entry names a time that cannot be read: occurredAt is when it was received',
    }),
  ),
  traceId: Type.Optional(Type.String({ description: 'The trace that it belongs to; see /api/v1/traces' })),
  data: Type.Unknown({ description: 'The entry as it was sent' }),
})

export type LogEntry = Static<typeof LogEntrySchema>

const counts = {
  total: Type.Integer(),
  levels: Type.Array(Type.Object({ level: NullableText, count: Type.Integer() })),
  other: Type.Integer({ description: 'Entries of levels beyond the 20 most frequent ones' }),
}

export type LogCounts = Static<TObject<typeof counts>>

/** GET /api/v1/logs/stats */
export const LogStatsSchema = Type.Object({
  from: Type.String(),
  to: Type.String(),
  stepMs: Type.Integer(),
  countedFrom: Type.Optional(
    Type.String({
      description:
        'Counting ended early: entries before this time are not counted. The same question with `to` at this time counts on',
    }),
  ),
  ...counts,
  buckets: Type.Array(Type.Object({ at: Type.String({ description: 'Start of the step' }), ...counts })),
})

export type LogStats = Static<typeof LogStatsSchema>
