import { sql } from 'kysely'
import type { NotificationChannel } from './add-notifications.ts'

/** `in_doubt`: it may have arrived, and only a person has it sent again. */
type NotificationState = 'pending' | 'sending' | 'sent' | 'in_doubt' | 'failed'

/** A notification as people see it. */
export interface StoredNotification {
  readonly id: number
  readonly channel: NotificationChannel
  readonly target: string
  readonly messageId: string
  readonly state: NotificationState
  readonly attempts: number
  /** Why it was not sent, or not yet. */
  readonly reason: string | null
  readonly createdAt: Date
  /** Of the next attempt, while it is pending. */
  readonly dueAt: Date
  readonly finishedAt: Date | null
}

export interface NotificationRow {
  id: number
  channel: NotificationChannel
  target: string
  message_id: string
  state: NotificationState
  attempts: number
  reason: string | null
  created_at: Date
  due_at: Date
  finished_at: Date | null
}

export const NOTIFICATION_COLUMNS = sql`id, channel, target, message_id, state, attempts, reason, created_at, due_at, finished_at`

export function toStoredNotification(row: NotificationRow): StoredNotification {
  const {
    message_id: messageId,
    created_at: createdAt,
    due_at: dueAt,
    finished_at: finishedAt,
    ...same
  } = row
  return { ...same, messageId, createdAt, dueAt, finishedAt }
}
