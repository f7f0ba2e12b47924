import { Type, type Static } from 'typebox'
import { MailingWarningsSchema } from './mailing-warning.ts'

const Groups = Type.Array(Type.Object({ name: Type.String(), count: Type.Integer() }), {
  description: 'The largest groups, at most 20',
})

const NullableText = (description: string) => Type.Union([Type.String(), Type.Null()], { description })

const RecipientSchema = Type.Object({
  clientId: Type.Integer(),
  phone: Type.String(),
  address: NullableText('Of the channel; null where that is the gateway'),
  operatorCode: Type.String(),
  tag: Type.String(),
  timeZone: Type.String(),
  text: NullableText('The text that the client would receive'),
  subject: NullableText('The subject that the client would receive; null where the channel has none'),
  problem: NullableText('Why there is no text: the reason that the failed message would have'),
})

export type Recipient = Static<typeof RecipientSchema>

/** Which clients a mailing reaches, and what they read. */
export const AudienceSchema = Type.Object({
  count: Type.Integer({ description: 'Number of clients; once the mailing has started, of its messages' }),
  withoutAddress: Type.Union([Type.Integer(), Type.Null()], {
    description:
      'Clients that would be reached if they had an address of the channel; null once the mailing has started',
  }),
  timeZones: Groups,
  operators: Groups,
  sample: Type.Array(RecipientSchema),
  warnings: MailingWarningsSchema,
})

export type Audience = Static<typeof AudienceSchema>
