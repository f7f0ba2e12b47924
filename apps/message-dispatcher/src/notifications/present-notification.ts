import type { Notification } from '@runnel/contracts/api/notification'
import type { StoredNotification } from '@runnel/repositories-mailings'

/** A notification as the API shows it. */
export function presentNotification(stored: StoredNotification): Notification {
  const { createdAt, dueAt, finishedAt, ...same } = stored
  return {
    ...same,
    createdAt: createdAt.toISOString(),
    nextAttemptAt: stored.state === 'pending' ? dueAt.toISOString() : null,
    finishedAt: finishedAt?.toISOString() ?? null,
  }
}
