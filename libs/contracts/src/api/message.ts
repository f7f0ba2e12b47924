import { Type, type Static, type TObject } from 'typebox'
import { CHANNELS, type ChannelName } from '../mailings/channels.ts'
import { MESSAGE_STATUSES, type MessageStatus } from '../mailings/statuses.ts'
import { Nullable, NullableText } from './nullable.ts'

const message = {
  id: Type.Integer({ description: 'What the gateway knows it by' }),
  mailingId: Type.Integer(),
  clientId: Type.Integer(),
  testOf: Nullable(Type.Integer({ description: 'Of a test send: the mailing that was tested' })),
  channel: Type.Unsafe<ChannelName>({ type: 'string', enum: [...CHANNELS], description: 'Of its mailing' }),
  operatorCode: Type.String({ description: 'Of the client, when the message was created' }),
  tag: Type.String(),
  status: Type.Unsafe<MessageStatus>({ type: 'string', enum: [...MESSAGE_STATUSES] }),
  attempts: Type.Integer({ description: 'Made so far' }),
  reason: Nullable(Type.String({ description: 'Why it failed, was cancelled or is unknown' })),
  updatedAt: Type.String({ description: 'When its status changed last' }),
}

/** One message of a mailing to one client. */
export type Message = Static<TObject<typeof message>>

/** The same in a list. */
export const ListedMessageSchema = Type.Object({
  ...message,
  phone: Nullable(
    Type.String({
      description: 'The phone that the last attempt went to; null without one, or where it was not kept',
    }),
  ),
  address: Nullable(Type.String({ description: 'The same, where it went to an e-mail address or webhook' })),
})

export type ListedMessage = Static<typeof ListedMessageSchema>

const AttemptSchema = Type.Object({
  number: Type.Integer(),
  startedAt: Type.String(),
  durationMs: Type.Integer(),
  outcome: Type.String(),
  httpStatus: Nullable(Type.Integer()),
  gatewayCode: Nullable(Type.Number()),
  detail: NullableText,
  phone: Nullable(Type.String({ description: 'The phone that it went to' })),
  address: Nullable(Type.String({ description: 'The e-mail address or webhook that it went to' })),
  subject: Nullable(Type.String({ description: 'Of an e-mail, as it was sent; kept like the text' })),
  version: Nullable(Type.Integer({ description: 'Of the mailing, whose text it was' })),
  text: Nullable(
    Type.String({
      description:
        'The text as it was sent; null where it was not kept, or is kept no more (SENT_TEXT_RETENTION_DAYS), and of all but the newest 20 attempts',
    }),
  ),
})

export type Attempt = Static<typeof AttemptSchema>

export const MessageWithAttemptsSchema = Type.Object({
  ...message,
  lastAttempts: Type.Array(AttemptSchema, { description: 'The newest first, 100 at most' }),
})

export type MessageWithAttempts = Static<typeof MessageWithAttemptsSchema>
