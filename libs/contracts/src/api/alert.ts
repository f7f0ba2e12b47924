import { Type, type Static } from 'typebox'
import { Nullable, NullableText } from './nullable.ts'
import { NotificationSchema } from './notification.ts'

/** A time in which something was wrong that is sent to people. */
export const AlertSchema = Type.Object({
  id: Type.Integer(),
  condition: Type.String({
    description:
      'gateway_breaker, gateway_pause, email_breaker, webhook_breaker, dead_letters, lag, retention_suspended or a later one',
  }),
  title: Type.String({ description: 'What is or was wrong, in a few words' }),
  text: Type.String({ description: 'The same in sentences, with what to do' }),
  startedAt: Type.String({ description: 'Since when it holds' }),
  raisedAt: Type.String({ description: 'When it was announced' }),
  resolvedAt: Nullable(Type.String({ description: 'Since when it does not hold any more' })),
  notifications: Type.Array(NotificationSchema),
})

export type Alert = Static<typeof AlertSchema>

/** Where alerts and reports go. Of a webhook its host alone: paths of such addresses are secrets. */
export const NotificationSettingsSchema = Type.Object({
  email: Nullable(
    Type.Object(
      { server: Type.String(), from: Type.String() },
      { description: 'null: SMTP_HOST is not set' },
    ),
  ),
  report: Type.Object({
    to: Type.Array(Type.String()),
    hour: Type.Integer(),
    timeZone: Type.String(),
    emptyDays: Type.Boolean({ description: 'Whether a day without mailings is reported' }),
    next: NullableText,
  }),
  alerts: Type.Object({ emails: Type.Array(Type.String()), webhooks: Type.Array(Type.String()) }),
})

export type NotificationSettings = Static<typeof NotificationSettingsSchema>
