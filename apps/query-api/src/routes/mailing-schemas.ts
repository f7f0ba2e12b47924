import { MAILING_STATUSES, MESSAGE_STATUSES } from '@runnel/contracts'
import { Type, type TObject, type TProperties } from 'typebox'
import { Nullable } from '../params/schemas.ts'
import { NullableText } from './event-json.ts'

export const MessageStatusSchema = Type.Union(MESSAGE_STATUSES.map((status) => Type.Literal(status)))

const message = {
  id: Type.Integer({ description: 'What the gateway knows it by' }),
  mailingId: Type.Integer(),
  clientId: Type.Integer(),
  operatorCode: Type.String({ description: 'Of the client, when the message was made' }),
  tag: Type.String(),
  status: MessageStatusSchema,
  attempts: Type.Integer({ description: 'Made so far' }),
  reason: Nullable(Type.String({ description: 'Why it failed, was cancelled or is unknown' })),
  updatedAt: Type.String({ description: 'When its status changed last' }),
}

export const MessageSchema = Type.Object(message)

export const MessageWithAttemptsSchema = Type.Object({
  ...message,
  lastAttempts: Type.Array(
    Type.Object({
      number: Type.Integer(),
      startedAt: Type.String(),
      durationMs: Type.Integer(),
      outcome: Type.String(),
      httpStatus: Nullable(Type.Integer()),
      gatewayCode: Nullable(Type.Number()),
      detail: NullableText,
    }),
    { description: 'The newest first, 100 at most' },
  ),
})

const counted = {
  total: Type.Integer({ description: 'Messages so far' }),
  counts: Type.Object(Object.fromEntries(MESSAGE_STATUSES.map((status) => [status, Type.Integer()]))),
}

const summary = {
  id: Type.Integer(),
  name: Type.String(),
  status: Type.Union(MAILING_STATUSES.map((status) => Type.Literal(status))),
  start: Type.String(),
  end: Type.String(),
  startedAt: NullableText,
  finishedAt: Nullable(Type.String({ description: 'When it was completed, expired or cancelled' })),
  settledAt: Nullable(Type.String({ description: 'When, after that, no message was open any more' })),
  materialised: Type.Boolean({ description: 'Whether every message is there already' }),
  materialisedShare: Type.Number({
    description: 'Part of the clients that have been looked at so far, from 0 to 1',
  }),
  ...counted,
}

export const MailingSummarySchema = Type.Object(summary)

const groups = (label: TProperties, rest: string): TObject =>
  Type.Object({
    items: Type.Array(Type.Object({ ...label, ...counted })),
    rest: Nullable(Type.Object(counted, { description: rest })),
  })

export const MailingStatisticsSchema = Type.Object({
  ...summary,
  ratePerSecond: Nullable(Type.Number({ description: 'Messages sent, over the last five full minutes' })),
  estimatedFinish: Nullable(
    Type.String({
      description:
        'If it goes on at this rate, windows not considered; null where that is not known, or nothing is left',
    }),
  ),
  byOperator: groups({ operatorCode: Type.String() }, 'Operators beyond the 100 largest'),
  byTag: groups({ tag: Type.String() }, 'Tags beyond the 100 largest'),
  byHour: groups(
    { at: Type.String({ description: 'Start of the hour' }) },
    'Hours before the last 1000 in which something happened',
  ),
})
