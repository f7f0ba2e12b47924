import { AppError, HEADERS } from '@runnel/contracts'
import { PublishRefusedError, type Publisher } from '@runnel/messaging'
import type { StoredDeadLetter } from '@runnel/repositories-events'
import { notStoredInTime, type Acknowledge } from './publish-admission.ts'
import type { DeadLetterStore } from './routes/dead-letters.ts'
import type { StoredReplies } from './stored-replies.ts'

export interface ReplayOptions {
  readonly publisher: Publisher
  readonly publishTimeoutMs: number
  readonly store: Pick<DeadLetterStore, 'markReplayed'>
  readonly acknowledge: Acknowledge
  readonly replies: StoredReplies
  readonly storedWaitMs: number
}

/**
 * How a dead letter is tried again. Where the broker keeps what it confirms, the letter is marked then. Where it does not,
 * the consumer's answer is awaited, and there is nothing to mark: by then the letter is deleted, or has failed once more.
 */
export function createReplay(options: ReplayOptions): (letter: StoredDeadLetter) => Promise<void> {
  const { acknowledge, publisher, publishTimeoutMs, replies, store, storedWaitMs } = options
  if (acknowledge === 'broker') {
    return async (letter) => {
      await replayDeadLetter(publisher, letter, publishTimeoutMs)
      await store.markReplayed(letter.id)
    }
  }
  return async (letter) => {
    const waiting = replies.wait([letter.sourceId], storedWaitMs)
    try {
      await replayDeadLetter(publisher, letter, publishTimeoutMs, replies.inbox)
      if (!(await waiting.settled)) throw notStoredInTime()
    } finally {
      waiting.cancel()
    }
  }
}

/**
 * Publishes a dead letter once more, as the bytes that it came as, under the id and key that it had: however often it is
 * replayed, it becomes one row. The consumer removes the dead letter in the transaction that stores the event.
 *
 * @param replyTo where the consumer shall report the outcome
 * @throws AppError backlog_full | broker_unavailable
 */
async function replayDeadLetter(
  publisher: Publisher,
  letter: StoredDeadLetter,
  timeoutMs: number,
  replyTo?: string,
): Promise<void> {
  const headers: Record<string, string> = {
    [HEADERS.eventId]: letter.sourceId,
    [HEADERS.operation]: letter.operation,
    ...(letter.key !== null && { [HEADERS.eventKey]: encodeURIComponent(letter.key) }),
    ...(replyTo !== undefined && { [HEADERS.replyTo]: replyTo }),
  }
  // Once per failure: a replay that fails again may be replayed again.
  const messageId = `replay-${letter.sourceId}-${letter.attempts}`
  try {
    await publisher.publish(
      { subject: letter.subject, payload: letter.payload, headers, messageId },
      timeoutMs,
    )
  } catch (error) {
    const full = error instanceof PublishRefusedError
    throw new AppError(
      full ? 'backlog_full' : 'broker_unavailable',
      full ? 'The broker refuses more events' : 'The broker did not confirm',
      { retryAfterMs: 2000 },
      error,
    )
  }
}
