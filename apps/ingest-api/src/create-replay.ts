import {
  AppError,
  encodeBrokerPosition,
  eventTimeMs,
  HEADERS,
  isEventId,
  KEY_REUSED,
} from '@runnel/contracts'
import { hash } from 'node:crypto'
import { encodeEnvelope, PublishRefusedError, type Publisher } from '@runnel/messaging'
import type { StoredDeadLetter } from '@runnel/repositories-events'
import { notStoredInTime, type Acknowledge } from './publish-admission.ts'
import type { DeadLetterStore } from './dead-letter-store.ts'
import type { StoredReplies } from './stored-replies.ts'

export interface ReplayOptions {
  readonly publisher: Publisher
  readonly publishTimeoutMs: number
  readonly store: Pick<DeadLetterStore, 'markReplayed'>
  readonly acknowledge: Acknowledge
  readonly replies: StoredReplies
  readonly storedWaitMs: number
}

/** @param stored what is stored of the letter, where it was edited since */
export type Replay = (letter: StoredDeadLetter, stored?: Buffer) => Promise<void>

/**
 * How a dead letter is tried again. Where the broker keeps what it confirms, the letter is marked then. Where it does not,
 * the consumer's answer is awaited, and there is nothing to mark: by then the letter is deleted, or has failed once more.
 */
export function createReplay(options: ReplayOptions): Replay {
  const { acknowledge, publisher, publishTimeoutMs, replies, store, storedWaitMs } = options
  if (acknowledge === 'broker') {
    return async (letter, stored) => {
      await replayDeadLetter({ publisher, letter, stored, timeoutMs: publishTimeoutMs })
      await store.markReplayed(letter.id, letter.attempts)
    }
  }
  return async (letter, stored) => {
    const waiting = replies.wait([letter.sourceId], storedWaitMs)
    try {
      const request = { publisher, letter, stored, timeoutMs: publishTimeoutMs, replyTo: replies.inbox }
      await replayDeadLetter(request)
      if (!(await waiting.settled)) throw notStoredInTime()
    } finally {
      waiting.cancel()
    }
  }
}

interface ReplayRequest {
  readonly publisher: Publisher
  readonly letter: StoredDeadLetter
  readonly stored: Buffer | undefined
  readonly timeoutMs: number
  /** Where the consumer shall report the outcome. */
  readonly replyTo?: string
}

/**
 * Publishes a dead letter once more, as the event that it was: its bytes, id, key and operation, when it was received and
 * where it stood among others. However often it is replayed, it becomes one row. The consumer removes the dead letter in the transaction that stores the event.
 *
 * @throws AppError conflict | backlog_full | broker_unavailable
 */
async function replayDeadLetter({
  publisher,
  letter,
  stored,
  timeoutMs,
  replyTo,
}: ReplayRequest): Promise<void> {
  requireOperation(letter)
  const headers = {
    ...headersOf(letter),
    ...(stored && { [HEADERS.letterHash]: hash('sha256', stored, 'hex') }),
    ...(replyTo !== undefined && { [HEADERS.replyTo]: replyTo }),
  }
  // Once per failure: a replay that fails again may be replayed again. What is edited is another message than what it was.
  const edition = stored ? `-${hash('sha256', letter.payload, 'base64url')}` : ''
  const messageId = `replay-${letter.sourceId}-${letter.attempts}${edition}`
  try {
    await publisher.publish(
      { subject: letter.subject, payload: payloadOf(letter), headers, messageId },
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

/** A letter from before a column was kept goes without it, or with what its id says. */
function headersOf(letter: StoredDeadLetter): Record<string, string> {
  const receivedMs = receivedMsOf(letter)
  const isPart = letter.form !== 'entry' && letter.form !== 'envelope'
  return {
    [HEADERS.eventId]: letter.sourceId,
    ...(letter.form === 'item' && { [HEADERS.form]: letter.form }),
    ...(isPart
      ? {
          [HEADERS.operation]: letter.operation,
          [HEADERS.receivedAt]: String(receivedMs),
          [HEADERS.position]: encodeBrokerPosition(
            letter.position ?? { timeMs: receivedMs, tie: 0, index: 0 },
          ),
        }
      : { [HEADERS.envelope]: '1' }),
    ...keyOf(letter),
  }
}

/**
 * The key of the event; where that names another event, who replays it says that both are to be stored: then it is known by
 * its id alone, from now on and whatever its payload names as its key.
 */
function keyOf({ code, key, item, sourceId }: StoredDeadLetter): Record<string, string> {
  if (code === KEY_REUSED) return { [HEADERS.eventKey]: sourceId }
  return {
    ...(key !== null && { [HEADERS.eventKey]: encodeURIComponent(key) }),
    ...(item !== null && { [HEADERS.eventItem]: item }),
  }
}

/** @throws AppError conflict for a letter that would fail again, or be taken for another operation than was meant */
function requireOperation({ id, operation }: StoredDeadLetter): void {
  if (operation === 'upsert' || operation === 'delete') return
  throw new AppError(
    'conflict',
    `Dead letter ${id} cannot be replayed: its operation ${JSON.stringify(operation)} is unknown. ` +
      'Publish the event again with the right one, and delete the letter',
    { field: 'operation', expected: 'upsert or delete' },
  )
}

function receivedMsOf({ sourceId, receivedAt, firstFailedAt }: StoredDeadLetter): number {
  if (receivedAt) return receivedAt.getTime()
  const idMs = isEventId(sourceId) ? eventTimeMs(sourceId) : 0
  return idMs > 0 && idMs <= firstFailedAt.getTime() ? idMs : firstFailedAt.getTime()
}

/** A malformed member of an envelope is replayed in an envelope. */
function payloadOf({ form, payload }: StoredDeadLetter): Uint8Array {
  return form === 'entry' ? encodeEnvelope([payload.toString()]) : payload
}
