import MailComposer from 'nodemailer/lib/mail-composer'
import type { Mailbox } from '../notifications/email-address.ts'

/** What an e-mail says. */
export interface PlainContent {
  readonly subject: string
  readonly text: string
}

/** What an e-mail says in two forms, of which the reader's program shows one. */
export interface EmailContent extends PlainContent {
  readonly html: string
}

export interface EmailEnvelope {
  readonly from: Mailbox
  readonly to: string
  /** With its angle brackets. */
  readonly messageId: string
  readonly date: Date
  /** Further headers, each as it is: one line of ASCII. */
  readonly headers?: Readonly<Record<string, string>>
}

/** An e-mail as it is sent over the network, in text and, where there is one, HTML. */
export async function composeEmail(
  content: PlainContent | EmailContent,
  { from, to, messageId, date, headers = {} }: EmailEnvelope,
): Promise<Buffer> {
  const composer = new MailComposer({
    from,
    to: { name: '', address: to },
    ...content,
    messageId,
    date,
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, { prepared: true, value }]),
    ),
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return composer.compile().build()
}
