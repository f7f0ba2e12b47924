import { Type, type Static } from 'typebox'
import { CHANNELS, type ChannelName } from '../mailings/channels.ts'
import { Nullable } from './nullable.ts'

/** GET /api/v1/sending: whether messages go out. */
export const SendingStopSchema = Type.Object({
  state: Type.Unsafe<'closed' | 'open' | 'probing' | 'ramping' | 'paused'>({
    type: 'string',
    enum: ['closed', 'open', 'probing', 'ramping', 'paused'],
    description:
      'closed: messages go out; ramping: they do again, step by step; open, probing: the gateway fails, nothing but probes is sent; paused: the gateway asked for a pause (429 with Retry-After)',
  }),
  reason: Nullable(
    Type.String({
      description:
        'Why nothing is sent: too_many_requests, failing, unreachable, unauthorised, not_found and the like',
    }),
  ),
  resumesAt: Nullable(
    Type.String({
      description: 'When the pause ends, or when the next probe is due at the latest; null: messages go out',
    }),
  ),
})

export type SendingStop = Static<typeof SendingStopSchema>

/** POST /api/v1/sending/resume */
export const ResumedSendingSchema = Type.Object({
  changed: Type.Boolean({ description: 'false: nothing was stopped' }),
  ...SendingStopSchema.properties,
})

export type ResumedSending = Static<typeof ResumedSendingSchema>

const channel = Type.Unsafe<ChannelName>({
  type: 'string',
  enum: [...CHANNELS],
  description: 'How mailings go out: through the gateway, by e-mail, or to webhooks',
})

/** The channel of an address. */
export const ChannelParamsSchema = Type.Object({ channel })

/** GET /api/v1/sending/channels: each channel that is configured. */
export const ChannelStopsSchema = Type.Object({
  items: Type.Array(Type.Object({ channel, ...SendingStopSchema.properties })),
})

export type ChannelStops = Static<typeof ChannelStopsSchema>
