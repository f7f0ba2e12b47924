import { AppError, type ChannelName } from '@runnel/contracts'
import { compileSubject } from '../template/compile-subject.ts'

/** How a mailing goes out, and what only some channels have. */
export interface MailingChannel {
  readonly channel: ChannelName
  readonly subject: string | null
}

/** Channels whose messages have a subject. */
const HAS_SUBJECT: Readonly<Record<ChannelName, boolean>> = { gateway: false, email: true, webhook: false }

/** @throws AppError missing_field | invalid_field where channel and subject do not fit each other, or the subject is not valid */
export function parseChannel({ channel, subject }: MailingChannel): MailingChannel {
  if (HAS_SUBJECT[channel] && subject === null) {
    throw new AppError('missing_field', `A mailing of the channel ${channel} needs a subject`, {
      field: '/subject',
      expected: 'a text; it may have the variables of `text`',
    })
  }
  if (!HAS_SUBJECT[channel] && subject !== null) {
    throw new AppError('invalid_field', `A mailing of the channel ${channel} has no subject`, {
      field: '/subject',
      expected: 'null, or the channel email',
    })
  }
  if (subject?.trim() === '') {
    throw new AppError('invalid_field', 'The subject is blank', {
      field: '/subject',
      expected: 'a text; it may have the variables of `text`',
    })
  }
  if (subject !== null) compileSubject(subject)
  return { channel, subject }
}
