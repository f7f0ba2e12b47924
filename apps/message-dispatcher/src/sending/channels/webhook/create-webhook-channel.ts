import type { Logger } from '@runnel/observability'
import { Agent } from 'undici'
import type { Clock } from '../../../clock.ts'
import { createWebhookSigner } from '../../../webhook-signer.ts'
import type { Channel, OutgoingMessage, SendContext, SendResult } from '../channel.ts'
import { HttpAttempt, type HttpEnd } from '../http/http-attempt.ts'
import { createGuardedConnector, type LookUp } from './guarded-connector.ts'
import { judgeWebhook, type WebhookVerdict } from './judge-webhook.ts'
import { createNetworkGuard } from './network-guard.ts'

export interface WebhookChannelOptions {
  /** whsec_... of which each signs. */
  readonly secrets: readonly string[]
  readonly timeoutMs: number
  /** Calls at a time, also of one receiver. */
  readonly connections: number
  /** Private networks that addresses may lead to all the same. */
  readonly allowedNetworks: readonly string[]
  /** Default: that of the system. */
  readonly lookUp?: LookUp
}

export interface WebhookChannelDeps {
  readonly clock: Clock
  readonly log: Logger
}

/** Of an answer: nothing but its beginning is looked at, and that only where it is an error. */
const MAX_ANSWER_BYTES = 64 * 1024

/** Receivers are many, and most of them are called once in a mailing. */
const KEEP_ALIVE_MS = 4000

/**
 * Posts each message as JSON to the client's own address, as Standard Webhooks asks for: signed, with a `webhook-id` that stays the
 * same at every attempt, by which receivers recognise a repeat. Follows no redirects.
 */
export function createWebhookChannel(options: WebhookChannelOptions, deps: WebhookChannelDeps): Channel {
  const { clock, log } = deps
  const { timeoutMs, connections } = options
  const sign = createWebhookSigner(options.secrets)
  const isOpen = createNetworkGuard(options.allowedNetworks)
  const agent = new Agent({
    ...{ connections, pipelining: 1, keepAliveTimeout: KEEP_ALIVE_MS, maxResponseSize: MAX_ANSWER_BYTES },
    connect: createGuardedConnector(isOpen, timeoutMs, options.lookUp),
    // The timer of the attempt is exact and ends first; these are a safety net.
    ...{ headersTimeout: timeoutMs + 1000, bodyTimeout: timeoutMs + 1000 },
  })
  let closing: Promise<void> | undefined

  const post = (url: URL, body: string, headers: Record<string, string>) =>
    new Promise<HttpEnd>((resolve) => {
      const attempt = new HttpAttempt(timeoutMs, resolve)
      const path = url.pathname + url.search
      try {
        agent.dispatch({ origin: url.origin, method: 'POST', path, headers, body }, attempt)
      } catch (error) {
        resolve({ answer: undefined, sent: false, detail: (error as Error).message })
      }
    })

  const attempt = async (
    { id, address = '', text }: OutgoingMessage,
    { mailingId, clientId }: SendContext,
  ): Promise<WebhookVerdict & Pick<SendResult, 'peer'>> => {
    const url = URL.parse(address)
    if (!url || !/^https?:$/.test(url.protocol))
      return { outcome: 'rejected', reason: 'no_address', detail: 'the message has no address of a webhook' }
    const body = JSON.stringify({ id, mailingId, clientId, text })
    const messageId = `message-${id}`
    const at = new Date(clock.nowMs())
    const end = await post(url, body, {
      'content-type': 'application/json',
      'user-agent': 'Runnel',
      'webhook-id': messageId,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': sign(messageId, at, body),
    })
    return { ...judgeWebhook(end, clock.nowMs()), peer: url.host }
  }

  return {
    async send(message, context) {
      const startedAtMs = clock.nowMs()
      const startedMs = performance.now()
      const verdict = await attempt(message, context)
      const result = { ...verdict, startedAtMs, durationMs: Math.round(performance.now() - startedMs) }
      if (log.isLevelEnabled('debug'))
        log.debug({ ...context, messageId: message.id, result }, 'sent to a webhook')
      return result
    },
    close: () => (closing ??= agent.close()),
  }
}
