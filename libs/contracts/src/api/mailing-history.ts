import { Type, type Static } from 'typebox'

/** What a person did to a mailing. */
export const HistoryEntrySchema = Type.Object({
  id: Type.Integer(),
  at: Type.String(),
  actor: Type.String(),
  action: Type.String(),
  detail: Type.Unknown(),
})

export type HistoryEntry = Static<typeof HistoryEntrySchema>
