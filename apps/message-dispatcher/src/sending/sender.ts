import type { AttemptContent } from '@runnel/repositories-mailings'
import type { EngineDeps } from './engine-deps.ts'
import type { SendResult } from './channels/channel.ts'
import type { MessageContent } from './judge-message.ts'
import { recordOfResult } from './results/record-of-result.ts'
import type { ResultFlusher } from './results/result-flusher.ts'
import type { QueuedMessage } from './leases/work.ts'

/** Sends messages and passes every result on. */
export interface Sender {
  /** Sends without a result yet. */
  readonly underWay: number
  send(message: QueuedMessage, content: MessageContent): void
  /** Resolves once nothing is under way; nothing more may be sent then. */
  idle(): Promise<void>
}

type SenderDeps = Pick<EngineDeps, 'log' | 'clock' | 'channel' | 'breaker' | 'options' | 'random'>

/** @param onResult called after each result */
export function createSender(
  deps: SenderDeps,
  flusher: ResultFlusher,
  onResult: (message: QueuedMessage, result: SendResult) => void,
): Sender {
  const { log, clock, channel, breaker, random } = deps
  const { deduplicates, retryMaxMs, keepsTexts } = deps.options
  let underWay = 0
  let onIdle: (() => void) | undefined

  const finish = (message: QueuedMessage, content: MessageContent, result: SendResult) => {
    underWay -= 1
    const { mailingId } = message.work
    const { attempts, refusals } = message.recipient
    const origin = { mailingId, failedBefore: attempts > 0, refusedBefore: refusals > 0 }
    const isMessagesOwn = breaker.report(result, origin)
    const nowMs = clock.nowMs()
    const record = recordOfResult(message, result, {
      ...{ nowMs, deduplicates, retryMaxMs, random, isMessagesOwn },
      ...(keepsTexts && { content: toAttemptContent(content, message.mailing.version) }),
    })
    flusher.add({ work: message.work, record })
    onResult(message, result)
    if (underWay === 0) onIdle?.()
  }

  return {
    get underWay() {
      return underWay
    },
    send(message, content) {
      underWay += 1
      const { messageId, clientId } = message.recipient
      const { mailingId } = message.work
      channel.send({ id: messageId, ...content }, { mailingId, clientId }).then(
        (result) => finish(message, content, result),
        (err: unknown) => {
          // send() never rejects; if it did, the message might have been sent.
          log.error({ err, mailingId, messageId, clientId }, 'the channel gave no result')
          finish(message, content, { outcome: 'uncertain', startedAtMs: clock.nowMs(), durationMs: 0 })
        },
      )
    },
    idle: () =>
      new Promise((resolve) => {
        onIdle = resolve
        if (underWay === 0) resolve()
      }),
  }
}

/** An attempt says where it went to: to a phone, or to an address of the channel. */
function toAttemptContent(
  { phone, address, subject, text }: MessageContent,
  version: number,
): AttemptContent {
  if (address === undefined) return { phone, text, version }
  return { address, text, version, ...(subject !== undefined && { subject }) }
}
