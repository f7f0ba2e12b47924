import { judgeSmtpError, type SmtpError } from '../../../smtp/judge-smtp-error.ts'
import { SmtpSession, type Envelope, type SmtpServer } from '../../../smtp/smtp-session.ts'
import type { SmtpVerdict } from '../../../smtp/smtp-verdict.ts'

export interface SmtpSessionsOptions {
  /** A connection without messages is closed after this time: servers do so too. Default: 5000. */
  readonly idleMs?: number
  /** Messages of one connection, at most: servers count them. Default: 100. */
  readonly maxMessages?: number
}

/** Connections to one mail server, which are kept for a while for the next message. */
export interface SmtpSessions {
  /** Never rejects. As many connections are open as messages are sent at a time. */
  send(envelope: Envelope, message: Buffer, signal: AbortSignal): Promise<SmtpVerdict>
  /** Closes the connections that are idle; those of messages under way follow. */
  close(): void
}

interface Kept {
  readonly session: SmtpSession
  sent: number
  idle?: NodeJS.Timeout
}

const IDLE_MS = 5000
const MAX_MESSAGES = 100

export function createSmtpSessions(server: SmtpServer, options: SmtpSessionsOptions = {}): SmtpSessions {
  const { idleMs = IDLE_MS, maxMessages = MAX_MESSAGES } = options
  const idle = new Set<Kept>()
  let isClosed = false

  const end = (kept: Kept) => {
    clearTimeout(kept.idle)
    idle.delete(kept)
    kept.session.quit()
  }

  /** @returns the one that was used last, so that what is too many comes to its end */
  const takeIdle = (): Kept | undefined => {
    for (const kept of [...idle].reverse()) {
      clearTimeout(kept.idle)
      idle.delete(kept)
      if (kept.session.isOpen) return kept
    }
    return undefined
  }

  const keep = (kept: Kept) => {
    if (isClosed || !kept.session.isOpen || kept.sent >= maxMessages) return kept.session.quit()
    kept.idle = setTimeout(() => end(kept), idleMs).unref()
    idle.add(kept)
  }

  const use = async (kept: Kept, envelope: Envelope, message: Buffer, signal: AbortSignal) => {
    const verdict = await kept.session.send(envelope, message, { signal })
    kept.sent += 1
    if (verdict.outcome === 'accepted') keep(kept)
    else if (isAnswer(verdict) && kept.session.isOpen)
      void kept.session.reset(signal).then((isReset) => (isReset ? keep(kept) : kept.session.close()))
    else kept.session.close()
    return verdict
  }

  return {
    async send(envelope, message, signal) {
      const kept = takeIdle()
      const verdict = kept && (await use(kept, envelope, message, signal))
      // The server had closed it, or closes it now: nothing of the message was sent.
      const isStale = verdict?.outcome === 'unreached' || verdict?.gatewayCode === CLOSING
      if (verdict && (!isStale || verdict.outcome === 'uncertain' || signal.aborted))
        return afterGreeting(verdict)
      try {
        const session = await SmtpSession.open(server, signal)
        return afterGreeting(await use({ session, sent: 0 }, envelope, message, signal))
      } catch (error) {
        return judgeSmtpError(error as SmtpError, false)
      }
    },
    close() {
      isClosed = true
      for (const kept of [...idle]) end(kept)
    },
  }
}

/** "Service closing transmission channel": also what a server says that has waited for too long. */
const CLOSING = 421

/** Whether the server has answered about the message, so that another one may follow on the same connection. */
function isAnswer({ outcome, gatewayCode }: SmtpVerdict): boolean {
  return (outcome === 'rejected' || outcome === 'refused') && gatewayCode !== CLOSING
}

/**
 * A server that has greeted was reached. Where it closes the connection or falls silent on the way to a message, that may be trouble of
 * this one, such as an address that makes it look elsewhere: the channel's only where others fare no better.
 */
function afterGreeting(verdict: SmtpVerdict): SmtpVerdict {
  if (verdict.outcome !== 'unreached') return verdict
  return { ...verdict, outcome: 'refused', scope: 'channel', reason: 'no_answer' }
}
