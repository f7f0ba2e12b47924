import type { Transport } from '../transport.ts'
import type { Mailbox } from '../email-address.ts'
import { composeEmail, type EmailContent } from './compose-email.ts'
import { sendEmail, type SmtpServer } from './send-email.ts'

export interface SmtpTransportOptions {
  readonly server: SmtpServer
  readonly from: Mailbox
  /** What the content of a notification is as an e-mail. */
  readonly render: (content: unknown) => EmailContent
  readonly nowMs: () => number
}

/** E-mail over any SMTP server. One that may have arrived is not sent again: servers recognise no repeats. */
export function createSmtpTransport({ server, from, render, nowMs }: SmtpTransportOptions): Transport {
  return {
    timeoutMs: server.timeoutMs,
    repeatable: false,
    async send({ target: to, messageId, content }, context) {
      const date = new Date(nowMs())
      let message: Buffer
      try {
        message = await composeEmail(render(content), { from, to, messageId, date })
      } catch (error) {
        return { outcome: 'failed', reason: `the e-mail could not be made: ${(error as Error).message}` }
      }
      return sendEmail(server, { from: from.address, to }, message, context)
    },
  }
}
