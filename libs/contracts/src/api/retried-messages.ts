import { Type, type Static } from 'typebox'

/** POST /api/v1/mailings/:id/retry-failed: what one of several requests has done. */
export const RetriedMessagesSchema = Type.Object({
  accepted: Type.Integer({ description: 'Messages that will be sent again' }),
  nextCursor: Type.Union([Type.String(), Type.Null()], {
    description: 'Where it is not null there are more messages: call again with it as the cursor',
  }),
})

export type RetriedMessages = Static<typeof RetriedMessagesSchema>
