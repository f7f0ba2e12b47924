import type { AttemptContent, AttemptRecord, SendRecord } from '@runnel/repositories-mailings'
import type { SendResult } from '../channels/channel.ts'
import type { MessageVerdict } from '../judge-message.ts'
import { retryDelayMs } from './retry-delay.ts'
import type { QueuedMessage } from '../leases/work.ts'

export interface RecordOptions {
  readonly nowMs: number
  readonly deduplicates: boolean
  readonly retryMaxMs: number
  readonly random: () => number
  /** Whether a refusal is the message's own trouble. Any other is repeated for as long as the mailing lasts. */
  readonly isMessagesOwn: boolean
  /** What was sent, where that is to be kept. */
  readonly content?: AttemptContent
}

/** A message that the gateway refuses for what it is, is repeated so often: the provider may have been wrong. */
const MAX_REFUSAL_REPEATS = 3

/**
 * What to record of a message after an attempt. A gateway that rejects it may have accepted it in an earlier attempt: where
 * one was begun without a result, the message becomes unknown, not failed.
 */
export function recordOfResult(
  message: QueuedMessage,
  result: SendResult,
  options: RecordOptions,
): SendRecord {
  const attempts = message.recipient.attempts + 1
  const base = { ...baseOf(message), attempts, attempt: toAttempt(result, options.content) }
  const refusals = message.recipient.refusals + (options.isMessagesOwn ? 1 : 0)
  if (result.outcome === 'accepted') return { ...base, to: 'sent' }
  const reason = reasonOf(result)
  if (result.outcome === 'rejected' || (options.isMessagesOwn && refusals > MAX_REFUSAL_REPEATS))
    return { ...base, to: message.startedBefore ? 'unknown' : 'failed', reason }
  if (result.outcome === 'uncertain' && !options.deduplicates) return { ...base, to: 'unknown', reason }
  const { retryAfterMs } = result
  const { nowMs, retryMaxMs: maxMs, random } = options
  const dueAtMs = nowMs + retryDelayMs(attempts, { maxMs, retryAfterMs, random })
  const inDoubt = message.startedBefore || result.outcome === 'uncertain'
  return { ...base, to: 'retry', reason, dueAtMs, inDoubt, refusals }
}

/**
 * What to record of a message that was not sent. Where an earlier holder of the lease began to send it, it may have been
 * sent: instead of cancelled or failed it becomes unknown, for the same reason.
 */
export function recordOfVerdict(
  message: QueuedMessage,
  { to, reason, dueAtMs }: Extract<MessageVerdict, { kind: 'record' }>,
): SendRecord {
  const { startedBefore, recipient } = message
  if (to === 'retry')
    return {
      ...baseOf(message),
      to,
      reason,
      inDoubt: startedBefore,
      refusals: recipient.refusals,
      ...(dueAtMs !== undefined && { dueAtMs }),
    }
  return { ...baseOf(message), to: startedBefore ? 'unknown' : to, reason }
}

function baseOf({ work, recipient }: QueuedMessage) {
  const lease = work.chunk ? { token: work.token, chunkId: work.chunk.id } : { token: work.token }
  const { messageId, clientId } = recipient
  return { messageId, mailingId: work.mailingId, clientId, lease }
}

function toAttempt(result: SendResult, content: AttemptContent | undefined): AttemptRecord {
  const { startedAtMs, durationMs, outcome, httpStatus, gatewayCode, detail } = result
  return {
    startedAtMs,
    durationMs,
    outcome,
    ...(httpStatus !== undefined && { httpStatus }),
    ...(gatewayCode !== undefined && { gatewayCode }),
    ...(detail !== undefined && { detail }),
    ...(content && { content }),
  }
}

function reasonOf({ outcome, httpStatus, gatewayCode, reason }: SendResult): string {
  if (outcome === 'unreached' || outcome === 'uncertain') return outcome
  if (reason !== undefined) return reason
  if (httpStatus !== undefined && httpStatus >= 300) return `http_${httpStatus}`
  return gatewayCode === undefined ? outcome : `code_${gatewayCode}`
}
