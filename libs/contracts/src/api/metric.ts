import { Type, type Static } from 'typebox'
import { eventMembers } from './event-page.ts'
import { Nullable, NullableText } from './nullable.ts'

/** A stored metric. */
export const MetricEntrySchema = Type.Object({
  ...eventMembers,
  name: Type.String(),
  value: Nullable(Type.Number()),
  unit: NullableText,
  tags: Type.Unknown(),
  data: Type.Unknown({ description: 'What was measured, as it was sent' }),
  extra: Type.Unknown({ description: 'Members that were sent beside data, or null' }),
})

export type MetricEntry = Static<typeof MetricEntrySchema>

/** A metric's name with its newest value. */
export const MetricNameSchema = Type.Object({
  name: Type.String(),
  value: Nullable(Type.Number({ description: 'The newest one' })),
  unit: NullableText,
  occurredAt: Type.String(),
})

export type MetricName = Static<typeof MetricNameSchema>

/** GET /api/v1/metrics/series */
export const MetricSeriesSchema = Type.Object({
  name: Type.String(),
  agg: Type.String(),
  from: Type.String(),
  to: Type.String(),
  stepMs: Type.Integer(),
  intervalMs: Nullable(
    Type.Integer({
      description:
        'What usually lies between two values of the same tags; null where too few are in the range to say. Unless asked for, the step is no shorter',
    }),
  ),
  truncated: Type.Boolean({ description: 'The tag has more values than series are given' }),
  series: Type.Array(
    Type.Object({
      tag: Type.Optional(Nullable(Type.Object({ name: Type.String(), value: NullableText }))),
      points: Type.Array(
        Type.Object({
          at: Type.String({ description: 'Start of the step' }),
          value: Nullable(Type.Number({ description: 'null where nothing was measured' })),
        }),
      ),
    }),
  ),
})

export type MetricSeries = Static<typeof MetricSeriesSchema>
