import { Type, type Static } from 'typebox'
import { EventKey, IndexedText, TimestampText } from './primitives.ts'

const TagSchema = Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()])

export const MetricDataSchema = Type.Object(
  {
    name: Type.Optional(IndexedText('What was measured; `value` where it is missing')),
    value: Type.Optional(Type.Number()),
    unit: Type.Optional(Type.String()),
    tags: Type.Optional(
      // Not Type.Record: its pattern lets members with a line break in their name pass unseen.
      Type.Unsafe<Record<string, Static<typeof TagSchema>>>(
        Type.Object({}, { additionalProperties: TagSchema }),
      ),
    ),
    timestamp: Type.Optional(
      Type.Union([Type.String(), Type.Number()], { timestamp: true, description: TimestampText }),
    ),
  },
  { description: 'Unknown members are kept' },
)

/** A metric as it is sent; `data` is what is measured. */
export const MetricSchema = Type.Object(
  { data: MetricDataSchema, eventId: Type.Optional(EventKey) },
  { $id: 'Metric', examples: [{ data: { value: 123.45 } }] },
)

export type MetricData = Static<typeof MetricDataSchema>
