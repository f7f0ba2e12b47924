import type { Transport } from '../transport.ts'
import type { Mailbox } from '../email-address.ts'
import { composeEmail, type EmailContent } from '../../smtp/compose-email.ts'
import { sendEmail } from '../../smtp/send-email.ts'
import type { SmtpServer } from '../../smtp/smtp-session.ts'
import { toTransportResult } from './to-transport-result.ts'

export interface SmtpTransportOptions {
  readonly server: SmtpServer
  readonly from: Mailbox
  /** What the content of a notification is as an e-mail. */
  readonly render: (content: unknown) => EmailContent
  readonly nowMs: () => number
}

const HEADERS = { 'Auto-Submitted': 'auto-generated' }

/** E-mail over any SMTP server. One that may have arrived is not sent again: servers recognise no repeats. */
export function createSmtpTransport({ server, from, render, nowMs }: SmtpTransportOptions): Transport {
  return {
    timeoutMs: server.timeoutMs,
    repeatable: false,
    async send({ target: to, messageId, content }, context) {
      const date = new Date(nowMs())
      let message: Buffer
      try {
        message = await composeEmail(render(content), { from, to, messageId, date, headers: HEADERS })
      } catch (error) {
        return { outcome: 'failed', reason: `the e-mail could not be made: ${(error as Error).message}` }
      }
      return toTransportResult(await sendEmail(server, { from: from.address, to }, message, context))
    },
  }
}
