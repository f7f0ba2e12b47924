import type { Logger } from '@runnel/observability'
import type { Clock } from '../../../clock.ts'
import type { Mailbox } from '../../../notifications/email-address.ts'
import { toAsciiDomain } from '../../../notifications/email-domain.ts'
import { composeEmail } from '../../../smtp/compose-email.ts'
import type { SmtpServer } from '../../../smtp/smtp-session.ts'
import type { SmtpVerdict } from '../../../smtp/smtp-verdict.ts'
import type { Channel, OutgoingMessage, SendResult } from '../channel.ts'
import { createSmtpSessions, type SmtpSessionsOptions } from './smtp-sessions.ts'

export interface EmailChannelOptions extends SmtpSessionsOptions {
  readonly server: SmtpServer
  readonly from: Mailbox
}

export interface EmailChannelDeps {
  readonly clock: Clock
  readonly log: Logger
}

/** E-mail over an SMTP server. One that may have arrived is not sent again: servers recognise no repeats. */
export function createEmailChannel(options: EmailChannelOptions, { clock, log }: EmailChannelDeps): Channel {
  const { server, from } = options
  const sessions = createSmtpSessions(server, options)
  const underWay = new Set<Promise<unknown>>()

  const attempt = async (message: OutgoingMessage, startedAtMs: number): Promise<SmtpVerdict> => {
    const { address: to } = message
    if (to === undefined) return rejected('no_address', 'the message has no e-mail address')
    let source: Buffer
    try {
      source = await compose(message, { from, to, date: new Date(startedAtMs) })
    } catch (error) {
      return rejected('email_invalid', `the e-mail could not be made: ${(error as Error).message}`)
    }
    return sessions.send(
      { from: from.address, to: toAscii(to) },
      source,
      AbortSignal.timeout(server.timeoutMs),
    )
  }

  const send = async (message: OutgoingMessage): Promise<SendResult> => {
    const startedAtMs = clock.nowMs()
    const startedMs = performance.now()
    const { detail, ...verdict } = await attempt(message, startedAtMs)
    const durationMs = Math.round(performance.now() - startedMs)
    return { ...verdict, ...(detail !== '' && { detail }), startedAtMs, durationMs }
  }

  return {
    async send(message, context) {
      const sending = send(message)
      underWay.add(sending)
      const result = await sending.finally(() => underWay.delete(sending))
      if (log.isLevelEnabled('debug'))
        log.debug({ ...context, messageId: message.id, to: message.address, result }, 'sent by e-mail')
      return result
    },
    async close() {
      await Promise.allSettled(underWay)
      sessions.close()
    },
  }
}

function rejected(reason: string, detail: string): SmtpVerdict {
  return { outcome: 'rejected', reason, detail }
}

/** The same Message-ID at every attempt, by which a person recognises a repeat. */
function compose(
  { id, subject = '', text, unsubscribeUrl }: OutgoingMessage,
  { from, to, date }: { readonly from: Mailbox; readonly to: string; readonly date: Date },
): Promise<Buffer> {
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1)
  const messageId = `<runnel-${id}@${domain}>`
  const headers = {
    Precedence: 'bulk',
    // RFC 8058: the reader's program shows a button, and posts to the address where it is pressed.
    ...(unsubscribeUrl !== undefined && {
      'List-Unsubscribe': `<${unsubscribeUrl}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    }),
  }
  return composeEmail({ subject, text }, { from, to, messageId, date, headers })
}

/** Domains of other scripts travel in their ASCII form. */
function toAscii(address: string): string {
  const at = address.lastIndexOf('@') + 1
  return address.slice(0, at) + (toAsciiDomain(address.slice(at)) ?? address.slice(at))
}
