import { Type } from 'typebox'

/** The text that a mailing has had since one of its versions. */
export const MailingTextSchema = Type.Object({
  version: Type.Integer({ description: 'The first version that had it' }),
  at: Type.String(),
  subject: Type.Union([Type.String(), Type.Null()], { description: 'Of the channel email' }),
  text: Type.String({ description: 'As it was written, before it was rendered' }),
})
