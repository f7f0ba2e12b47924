import { Type, type Static } from 'typebox'
import { CHANNELS, type ChannelName } from '../mailings/channels.ts'

/** An entry of the suppression list. */
export const SuppressionSchema = Type.Object({
  channel: Type.Unsafe<ChannelName>({
    type: 'string',
    enum: [...CHANNELS],
    description: 'A phone (gateway) gets no messages of any channel; an address gets none of its own',
  }),
  address: Type.String({
    description: 'Digits of the phone, e-mail address in lower case, or URL of the webhook',
  }),
  phone: Type.Union([Type.String(), Type.Null()], {
    description: 'Digits without a plus sign; null where it is no phone',
  }),
  reason: Type.String({ description: 'In words of who added it' }),
  source: Type.String({
    description:
      'How it came to the list: api, client (a client that opted out), client_import, list_import, one-click (the link in an e-mail)',
  }),
  actor: Type.String({ description: 'User who added it' }),
  optedOutAt: Type.String(),
  addedAt: Type.String(),
  mailingId: Type.Union([Type.Integer(), Type.Null()], { description: 'By whose e-mail a person opted out' }),
  clientId: Type.Union([Type.Integer(), Type.Null()], {
    description: 'Of a client with this phone or address, or of the one that opted out',
  }),
})

export type Suppression = Static<typeof SuppressionSchema>

/** POST /api/v1/suppressions/import */
export const SuppressionImportReportSchema = Type.Object({
  rows: Type.Integer({ description: 'Lines: the sum of the other counts' }),
  added: Type.Integer(),
  unchanged: Type.Integer({ description: 'Lines whose phone was on the list' }),
  rejected: Type.Integer({ description: 'Lines with errors; the phones of the other lines are on the list' }),
  errors: Type.Array(
    Type.Object({
      line: Type.Integer(),
      field: Type.Union([Type.String(), Type.Null()]),
      code: Type.String(),
      message: Type.String(),
    }),
    { description: 'The first 100 errors' },
  ),
})

export type SuppressionImportReport = Static<typeof SuppressionImportReportSchema>
