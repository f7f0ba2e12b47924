import { oneLine } from '../../../one-line.ts'
import type { SendResult } from '../channel.ts'
import { headerOf, type HttpAnswer, type HttpEnd } from '../http/http-attempt.ts'
import { parseRetryAfter } from '../http/parse-retry-after.ts'
import { ClosedNetworkError } from './network-guard.ts'

export type WebhookVerdict = Pick<
  SendResult,
  'outcome' | 'scope' | 'httpStatus' | 'reason' | 'detail' | 'retryAfterMs'
>

/** Timeout, too early, too many: they pass. */
const PASSING_STATUSES: ReadonlySet<number> = new Set([408, 425, 429])

/** Characters of an answer that are kept. */
const MAX_DETAIL = 200

/** What a call has shown: a 2xx is a yes, whatever its body. What passes is trouble of the one receiver. */
export function judgeWebhook(end: HttpEnd, nowMs: number): WebhookVerdict {
  if (end.answer) return judgeAnswer(end.answer, nowMs)
  if (end.error instanceof ClosedNetworkError)
    return { outcome: 'rejected', reason: 'private_address', detail: end.error.message }
  return { outcome: end.sent ? 'uncertain' : 'unreached', detail: oneLine(end.detail, MAX_DETAIL) }
}

function judgeAnswer(answer: HttpAnswer, nowMs: number): WebhookVerdict {
  const { status: httpStatus, headers } = answer
  if (httpStatus < 300) return { outcome: 'accepted', httpStatus }
  if (httpStatus < 400) return { outcome: 'rejected', httpStatus, detail: 'redirects are not followed' }
  const text = describe(answer)
  const detail = text === '' ? {} : { detail: text }
  if (httpStatus < 500 && !PASSING_STATUSES.has(httpStatus))
    return { outcome: 'rejected', httpStatus, ...detail }
  const retryAfterMs = parseRetryAfter(headerOf(headers, 'retry-after'), headerOf(headers, 'date'), nowMs)
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs }
  return { outcome: 'refused', scope: 'address', httpStatus, ...detail, ...wait }
}

function describe({ chunks, headers }: HttpAnswer): string {
  if (headerOf(headers, 'content-encoding') !== undefined) return ''
  return oneLine(Buffer.concat(chunks).toString('utf8', 0, 4 * MAX_DETAIL), MAX_DETAIL)
}
