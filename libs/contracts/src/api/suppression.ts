import { Type, type Static } from 'typebox'

/** An entry of the suppression list. */
export const SuppressionSchema = Type.Object({
  phone: Type.String({ description: 'Digits without a plus sign' }),
  reason: Type.String({ description: 'In words of who added it' }),
  source: Type.String({
    description: 'How it came to the list: api, client (a client that opted out), client_import, list_import',
  }),
  actor: Type.String({ description: 'User who added it' }),
  optedOutAt: Type.String(),
  addedAt: Type.String(),
  clientId: Type.Union([Type.Integer(), Type.Null()], { description: 'Of the client with this phone' }),
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
