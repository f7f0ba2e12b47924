import MailComposer from 'nodemailer/lib/mail-composer'
import type { Mailbox } from '../email-address.ts'

/** What an e-mail says. */
export interface EmailContent {
  readonly subject: string
  readonly text: string
  readonly html: string
}

export interface EmailEnvelope {
  readonly from: Mailbox
  readonly to: string
  /** With its angle brackets. */
  readonly messageId: string
  readonly date: Date
}

/** An e-mail as it is sent over the network, in text and HTML. */
export async function composeEmail(
  { subject, text, html }: EmailContent,
  { from, to, messageId, date }: EmailEnvelope,
): Promise<Buffer> {
  const composer = new MailComposer({
    from,
    to: { name: '', address: to },
    subject,
    text,
    html,
    messageId,
    date,
    headers: { 'auto-submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return composer.compile().build()
}
