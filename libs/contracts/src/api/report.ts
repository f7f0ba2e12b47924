import { Type, type Static, type TInteger } from 'typebox'
import {
  MAILING_STATUSES,
  MESSAGE_STATUSES,
  type MailingStatus,
  type MessageStatus,
} from '../mailings/statuses.ts'
import { KINDS, type Kind } from '../events/kinds.ts'
import { Nullable, NullableText } from './nullable.ts'
import { NotificationSchema } from './notification.ts'

const byStatus = Type.Object(
  Object.fromEntries(MESSAGE_STATUSES.map((status) => [status, Type.Integer()])) as Record<
    MessageStatus,
    TInteger
  >,
)

const mailing = {
  id: Type.Integer(),
  name: Type.String(),
  status: Type.Unsafe<MailingStatus>({ type: 'string', enum: [...MAILING_STATUSES] }),
}

/** What happened on a day. What could not be counted in time is null. */
const ReportFactsSchema = Type.Object({
  day: Type.String({ description: 'YYYY-MM-DD, in the time zone' }),
  timeZone: Type.String(),
  from: Type.String({ description: 'When the day began' }),
  until: Type.String({ description: 'When it ended; it may have 23 or 25 hours' }),
  readAt: Type.String({ description: 'When this was read: what is under way is of this moment' }),
  mailings: Type.Array(
    Type.Object({
      ...mailing,
      deleted: Type.Boolean(),
      startedAt: NullableText,
      finishedAt: NullableText,
      counts: byStatus,
    }),
    {
      description: 'Mailings that were handled on this day; messages that came to rest on it, by whole hours',
    },
  ),
  moreMailings: Type.Integer({ description: 'Further mailings, which only the totals contain' }),
  totals: byStatus,
  failures: Nullable(
    Type.Array(
      Type.Object({
        status: Type.Unsafe<'failed' | 'unknown'>({ type: 'string', enum: ['failed', 'unknown'] }),
        reason: NullableText,
        messages: Type.Integer(),
      }),
    ),
  ),
  underWay: Type.Array(
    Type.Object({
      ...mailing,
      total: Type.Integer(),
      remaining: Type.Integer({ description: 'Messages that are still to be sent, as far as they exist' }),
      end: Type.String({ description: 'When it expires' }),
      estimatedFinish: Nullable(
        Type.String({
          description: 'At its present rate, windows not considered; null where that is not known',
        }),
      ),
    }),
  ),
  optOuts: Nullable(Type.Integer()),
  outages: Type.Array(
    Type.Object({
      condition: Type.String({
        description: 'gateway_breaker, gateway_pause, email_breaker or webhook_breaker',
      }),
      reason: NullableText,
      from: Type.String(),
      until: Nullable(Type.String({ description: 'null: it lasts' })),
    }),
    {
      description:
        'Outages of the gateway and the other channels that lasted for at least ALERT_AFTER_SECONDS',
    },
  ),
  events: Type.Object(
    Object.fromEntries(KINDS.map((kind) => [kind, Nullable(Type.Integer())])) as Record<
      Kind,
      ReturnType<typeof Nullable<TInteger>>
    >,
    { description: 'Events that were received on this day and are stored, by kind' },
  ),
  deadLetters: Nullable(
    Type.Object({
      fresh: Type.Integer({ description: 'Of this day, and still there' }),
      kept: Type.Integer({ description: 'All that there are' }),
    }),
  ),
})

export type ReportFacts = Static<typeof ReportFactsSchema>

/** The report of a day, or the note that there was nothing to report. */
export const ReportSchema = Type.Object({
  day: Type.String(),
  skipped: Type.Boolean({ description: 'Nothing had happened, and REPORT_EMPTY_DAYS is false' }),
  createdAt: Type.String(),
  facts: ReportFactsSchema,
  notifications: Type.Array(NotificationSchema),
})

export type Report = Static<typeof ReportSchema>

/** How a report looks; GET /api/v1/reports/preview */
export const ReportPreviewSchema = Type.Object({
  day: Type.String(),
  subject: Type.String(),
  text: Type.String(),
  html: Type.String(),
  facts: ReportFactsSchema,
})

export type ReportPreview = Static<typeof ReportPreviewSchema>
