import { Type, type Static } from 'typebox'

/** Why a mailing would not do what it is for, though it is valid. Stable: programs may go by them. */
const MAILING_WARNINGS = [
  'channel_not_configured',
  'too_short_to_send',
  'window_never_opens',
  'window_misses_zones',
  'audience_empty',
  'no_address',
  'audience_not_checked',
  'no_unsubscribe_url',
  'text_empty',
  'text_too_long',
  'template_failed',
  'template_too_slow',
  'variable_empty',
] as const

export type MailingWarningCode = (typeof MAILING_WARNINGS)[number]

/** Something about a mailing that a person should look at; it is taken as it is. */
const MailingWarningSchema = Type.Object({
  code: Type.Unsafe<MailingWarningCode>({ type: 'string', enum: [...MAILING_WARNINGS] }),
  field: Type.String({ description: 'The member that it is about, e.g. /end' }),
  message: Type.String({ description: 'What is wrong and what to do, for people' }),
})

export type MailingWarning = Static<typeof MailingWarningSchema>

/** The most serious first; empty where there is nothing to say. */
export const MailingWarningsSchema = Type.Array(MailingWarningSchema, {
  description:
    'What would keep messages from being sent, or leave holes in their texts, as far as a sample of clients shows',
})
