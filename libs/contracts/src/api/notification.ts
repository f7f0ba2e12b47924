import { Type, type Static } from 'typebox'
import { Nullable, NullableText } from './nullable.ts'

const NotificationStateSchema = Type.Unsafe<'pending' | 'sending' | 'sent' | 'in_doubt' | 'failed'>({
  type: 'string',
  enum: ['pending', 'sending', 'sent', 'in_doubt', 'failed'],
  description: '`in_doubt`: it may have arrived, and is not sent again unless a person asks for it',
})

/** One message to one address: an e-mail, or a call of a webhook. */
export const NotificationSchema = Type.Object({
  id: Type.Integer(),
  channel: Type.Unsafe<'email' | 'webhook'>({ type: 'string', enum: ['email', 'webhook'] }),
  target: Type.String({
    description: 'E-mail address, or the host of a webhook with its place in the setting',
  }),
  messageId: Type.String({ description: 'Message-ID or webhook-id, the same at every attempt' }),
  state: NotificationStateSchema,
  attempts: Type.Integer({ description: 'Made so far' }),
  reason: Nullable(Type.String({ description: 'Why it was not sent, or not yet' })),
  createdAt: Type.String(),
  nextAttemptAt: Nullable(Type.String({ description: 'While it is pending' })),
  finishedAt: NullableText,
})

export type Notification = Static<typeof NotificationSchema>
