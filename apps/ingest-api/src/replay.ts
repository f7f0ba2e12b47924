import { AppError, HEADERS } from '@runnel/contracts'
import { PublishRefusedError, type Publisher } from '@runnel/messaging'
import type { StoredDeadLetter } from '@runnel/repositories'

/**
 * Publishes a dead letter once more, as the bytes that it came as, under the id and key that it had: however often it is
 * replayed, it becomes one row. The consumer removes the dead letter in the transaction that stores the event.
 *
 * @throws AppError backlog_full | broker_unavailable
 */
export async function replayDeadLetter(
  publisher: Publisher,
  letter: StoredDeadLetter,
  timeoutMs: number,
): Promise<void> {
  const headers: Record<string, string> = {
    [HEADERS.eventId]: letter.sourceId,
    [HEADERS.operation]: letter.operation,
    ...(letter.key !== null && { [HEADERS.eventKey]: encodeURIComponent(letter.key) }),
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
