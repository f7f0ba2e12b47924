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

/** GET /api/v1/logs/values */
export const LogValuesSchema = Type.Object({
  field: Type.String({ description: 'As it is written in a query' }),
  from: Type.String(),
  to: Type.String(),
  countedFrom: Type.Optional(
    Type.String({ description: 'Counting ended early: entries before this time are not counted' }),
  ),
  total: Type.Integer({ description: 'Entries that match and are counted' }),
  without: Type.Integer({ description: 'Those of them that do not have the field' }),
  values: Type.Array(
    Type.Object({
      value: Type.String(),
      count: Type.Integer({
        description: 'Entries that have it; one with a list counts for each of its items',
      }),
    }),
    { description: 'The most frequent ones first' },
  ),
  others: Type.Integer({
    description: 'Values beside those listed: rarer ones, objects, and texts of more than 256 characters',
  }),
  margin: Type.Integer({
    description:
      'There are too many values to count each: a count may be too low by up to this number; 0: all are exact',
  }),
})

export type LogValues = Static<typeof LogValuesSchema>

/** GET /api/v1/logs/patterns */
export const LogPatternsSchema = Type.Object({
  from: Type.String(),
  to: Type.String(),
  countedFrom: Type.Optional(
    Type.String({ description: 'Counting ended early: entries before this time are not counted' }),
  ),
  total: Type.Integer({ description: 'Entries that match and are counted' }),
  without: Type.Integer({ description: 'Those of them that have no message' }),
  patterns: Type.Array(
    Type.Object({
      pattern: Type.String({
        description:
          'The first line of the messages, with <num>, <hex>, <id>, <uuid>, <ip>, <email>, <time>, <text> (in quotes) or <*> (a word) in the place of what varies',
      }),
      query: Type.Optional(
        Type.String({
          description: 'Finds entries of this pattern; missing where nothing in the pattern stays the same',
        }),
      ),
      count: Type.Integer(),
      firstAt: Type.String({ description: 'When the oldest of those counted occurred' }),
      lastAt: Type.String({ description: 'When the newest of those counted occurred' }),
      exampleId: Type.String({ description: 'One of the entries' }),
      example: Type.String({ description: 'The beginning of its message' }),
    }),
    { description: 'The most frequent ones first' },
  ),
  others: Type.Integer({ description: 'Entries of patterns that are not listed' }),
  margin: Type.Integer({
    description:
      'There are too many patterns to count each: a count may be too low by up to this number; 0: all are exact',
  }),
})

export type LogPatterns = Static<typeof LogPatternsSchema>

/** GET /api/v1/logs/fields */
export const LogFieldsSchema = Type.Object({
  looked: Type.Integer({ description: 'The newest entries of the range, which were looked at' }),
  fields: Type.Array(
    Type.Object({
      field: Type.String({ description: 'As it is written in a query' }),
      count: Type.Integer({ description: 'Those of the entries that have it' }),
      values: Type.Array(Type.String(), { description: 'Short values, the most frequent ones first' }),
    }),
  ),
})

export type LogFieldNames = Static<typeof LogFieldsSchema>
