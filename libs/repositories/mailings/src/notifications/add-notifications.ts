import type { Schema } from '@runnel/repositories-database'
import { sql, type Transaction } from 'kysely'

export type NotificationChannel = Schema['notification']['channel']

/** A message for one address. */
export interface NewNotification {
  /** Names the message and its address. */
  readonly key: string
  readonly channel: NotificationChannel
  readonly target: string
  /** Message-ID or webhook-id. */
  readonly messageId: string
  /** JSON, as it will be rendered at every attempt. */
  readonly content: object
  /** YYYY-MM-DD */
  readonly reportDay?: string | undefined
  readonly alertId?: number | undefined
}

/**
 * Puts messages into the queue, in the transaction of what they tell of. Those whose keys are there already are left out.
 *
 * @param giveUpMs after which no attempt begins
 */
export async function addNotifications(
  trx: Transaction<Schema>,
  notifications: readonly NewNotification[],
  giveUpMs: number,
): Promise<void> {
  if (notifications.length === 0) return
  const rows = notifications.map((notification) => ({
    ...notification,
    content: JSON.stringify(notification.content),
  }))
  await sql`
    insert into notification (key, channel, target, message_id, content, report_day, alert_id, expires_at)
    select n.key, n.channel, n.target, n."messageId", n.content::jsonb, n."reportDay", n."alertId",
      clock_timestamp() + make_interval(secs => ${giveUpMs / 1000}::float8)
    from json_to_recordset(${JSON.stringify(rows)}::json)
      as n(key text, channel text, target text, "messageId" text, content text, "reportDay" date, "alertId" bigint)
    on conflict (key) do nothing`.execute(trx)
}
