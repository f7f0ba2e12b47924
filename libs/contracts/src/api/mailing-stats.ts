import { Type, type Static, type TInteger, type TObject, type TProperties } from 'typebox'
import { CHANNELS, type ChannelName } from '../mailings/channels.ts'
import {
  MAILING_STATUSES,
  MESSAGE_STATUSES,
  type MailingStatus,
  type MessageStatus,
} from '../mailings/statuses.ts'
import { Nullable, NullableText } from './nullable.ts'

const byStatus = Object.fromEntries(MESSAGE_STATUSES.map((status) => [status, Type.Integer()]))

const counted = {
  total: Type.Integer({ description: 'Messages so far' }),
  counts: Type.Object(byStatus as Record<MessageStatus, TInteger>),
}

/** Messages of something, by status. */
export type Counted = Static<TObject<typeof counted>>

const summary = {
  id: Type.Integer(),
  name: Type.String(),
  status: Type.Unsafe<MailingStatus>({ type: 'string', enum: [...MAILING_STATUSES] }),
  channel: Type.Unsafe<ChannelName>({ type: 'string', enum: [...CHANNELS] }),
  start: Type.String(),
  end: Type.String(),
  startedAt: NullableText,
  finishedAt: Nullable(Type.String({ description: 'When it was completed, expired or cancelled' })),
  settledAt: Nullable(Type.String({ description: 'When, after that, no message was open any more' })),
  deletedAt: Nullable(Type.String({ description: 'When it was deleted; its numbers stay' })),
  testOf: Nullable(
    Type.Integer({ description: 'The mailing of which it is a test send; tests are in no list' }),
  ),
  materialised: Type.Boolean({ description: 'Whether every message is there already' }),
  materialisedShare: Type.Number({
    description: 'Part of the clients that have been looked at so far, from 0 to 1',
  }),
  ...counted,
}

/** How far a mailing is. */
export const MailingSummarySchema = Type.Object(summary)

export type MailingSummary = Static<typeof MailingSummarySchema>

const groups = <T extends TProperties>(label: T, rest: string) =>
  Type.Object({
    items: Type.Array(Type.Object({ ...label, ...counted })),
    rest: Nullable(Type.Object(counted, { description: rest })),
  })

/** GET /api/v1/mailings/:id/stats */
export const MailingStatsSchema = Type.Object({
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

export type MailingStats = Static<typeof MailingStatsSchema>
