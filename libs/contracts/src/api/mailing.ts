import { Type, type Static } from 'typebox'
import { MAILING_STATUSES, type MailingStatus } from '../mailings/statuses.ts'
import { CHANNELS, type ChannelName } from '../mailings/channels.ts'
import { MailingWarningsSchema } from './mailing-warning.ts'
import { Nullable, NullableText } from './nullable.ts'

/** A mailing in every answer. */
export const MailingSchema = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  status: Type.Unsafe<MailingStatus>({ type: 'string', enum: [...MAILING_STATUSES] }),
  start: Type.String({ description: 'RFC 3339, UTC' }),
  end: Type.String(),
  channel: Type.Unsafe<ChannelName>({ type: 'string', enum: [...CHANNELS] }),
  subject: Nullable(Type.String({ description: 'Of the channel email' })),
  text: Type.String(),
  filter: Type.Object({
    operatorCodes: Type.Array(Type.String()),
    tags: Type.Array(Type.String()),
    received: Type.Array(Type.Integer()),
    notReceived: Type.Array(Type.Integer()),
  }),
  window: Nullable(Type.Object({ from: Type.String(), to: Type.String() })),
  ratePerSecond: Nullable(Type.Integer()),
  version: Type.Integer({ description: 'Counts the edits' }),
  messageCount: Type.Integer({ description: 'Messages created so far; all of them once `materialised`' }),
  materialised: Type.Boolean(),
  createdAt: Type.String(),
  updatedAt: Type.String(),
  startedAt: NullableText,
  finishedAt: NullableText,
  settledAt: NullableText,
  restReason: Nullable(
    Type.String({
      description:
        'Why it is paused though no person paused it: its text fails for one client after the other (template_too_slow, text_empty and the like). Edit the text and resume it',
    }),
  ),
  approval: Nullable(
    Type.Object({
      missing: Type.Boolean({
        description: 'Nothing is sent before another person has approved it as it is',
      }),
      by: NullableText,
      at: NullableText,
    }),
  ),
  testOf: Nullable(Type.Integer({ description: 'The mailing of which this one is a test send' })),
})

/** A mailing in the answer to what creates, changes or starts it. */
export const MailingWithWarningsSchema = Type.Object({
  ...MailingSchema.properties,
  warnings: MailingWarningsSchema,
})

export type MailingWithWarnings = Static<typeof MailingWithWarningsSchema>

export type Mailing = Static<typeof MailingSchema>
