import { parseRetryAfter } from '../../sending/channels/http/parse-retry-after.ts'
import { createWebhookSigner } from '../../webhook-signer.ts'
import { oneLine } from '../../one-line.ts'
import type { Transport, TransportResult } from '../transport.ts'
import type { WebhookTarget } from './webhook-target.ts'

export interface WebhookTransportOptions {
  readonly targets: readonly WebhookTarget[]
  /** whsec_... of which each signs. */
  readonly secrets: readonly string[]
  readonly timeoutMs: number
  readonly nowMs: () => number
}

/** The receiver wants no more of these. */
const GONE = 410

/**
 * Posts JSON as Standard Webhooks asks for: signed, with an id that stays the same at every attempt, by which receivers
 * recognise a repeat. Follows no redirects, and reads no answer beyond its status.
 */
export function createWebhookTransport(options: WebhookTransportOptions): Transport {
  const { timeoutMs, nowMs } = options
  const sign = createWebhookSigner(options.secrets)
  return {
    timeoutMs,
    repeatable: true,
    async send({ target, messageId, content }, { signal }) {
      const url = options.targets.find(({ name }) => name === target)?.url
      if (url === undefined)
        return { outcome: 'failed', reason: 'the webhook is not among ALERT_WEBHOOK_URLS any more' }
      const body = JSON.stringify(content)
      const at = new Date(nowMs())
      try {
        const response = await fetch(url, {
          method: 'POST',
          redirect: 'manual',
          signal,
          body,
          headers: {
            'content-type': 'application/json',
            'user-agent': 'Runnel',
            'webhook-id': messageId,
            'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
            'webhook-signature': sign(messageId, at, body),
          },
        })
        await response.body?.cancel()
        return judgeAnswer(response, nowMs())
      } catch (error) {
        return { outcome: 'retry', reason: oneLine(explain(error as Error)) }
      }
    },
  }
}

function judgeAnswer({ status, headers }: Response, nowMs: number): TransportResult {
  if (status >= 200 && status < 300) return { outcome: 'sent' }
  if (status === GONE)
    return { outcome: 'failed', reason: 'the receiver answered 410: it wants no more alerts' }
  const retryAfterMs = parseRetryAfter(
    headers.get('retry-after') ?? undefined,
    headers.get('date') ?? undefined,
    nowMs,
  )
  const isRedirect = status >= 300 && status < 400
  const reason = isRedirect
    ? `the receiver answered ${status}: redirects are not followed`
    : `the receiver answered ${status}`
  return { outcome: 'retry', reason, retryAfterMs }
}

/** Without the address. */
function explain(error: Error): string {
  if (error.name === 'TimeoutError') return 'the receiver did not answer in time'
  if (error.name === 'AbortError') return 'the attempt was ended'
  const { code } = (error.cause ?? {}) as NodeJS.ErrnoException
  return code === undefined
    ? 'the receiver could not be reached'
    : `the receiver could not be reached: ${code}`
}
