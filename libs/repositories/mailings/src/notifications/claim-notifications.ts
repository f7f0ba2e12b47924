import type { Database } from '@runnel/repositories-database'
import { sql } from 'kysely'
import { milliseconds } from '../sending/send-conditions.ts'
import type { NotificationChannel } from './add-notifications.ts'

/** A notification that this process may deliver until its lease ends. */
export interface ClaimedNotification {
  readonly id: number
  readonly channel: NotificationChannel
  readonly target: string
  readonly messageId: string
  readonly content: unknown
  /** This one included. */
  readonly attempts: number
  readonly token: string
}

export interface ClaimNotificationsOptions {
  readonly channel: NotificationChannel
  readonly leaseMs: number
  readonly limit: number
  /**
   * The receiver recognises a repeat by its id, so that one whose process died is sent again. Otherwise a notification that
   * may have arrived is in doubt then, and waits for a person.
   */
  readonly repeatable: boolean
}

/** What was due so long after now was made before the clock was set back. */
const FAR_AHEAD_MS = 86_400_000

/** Why a notification is in doubt whose process did not say what became of it. */
const LOST_REASON = 'the process ended while the message was on its way'

interface Row {
  id: number
  channel: NotificationChannel
  target: string
  message_id: string
  content: string
  attempts: number
  token: string
}

/**
 * Leases notifications that are due, and takes over those of processes that died: what had not been begun is sent again.
 * All times are the database's.
 */
export async function claimNotifications(
  { kysely }: Database,
  { channel, leaseMs, limit, repeatable }: ClaimNotificationsOptions,
): Promise<ClaimedNotification[]> {
  // A lease that ends too far ahead was given before the clock was set back.
  const lost = sql`state = 'sending' and (leased_until <= clock_timestamp()
    or leased_until > clock_timestamp() + ${milliseconds(2 * leaseMs)})`
  if (!repeatable)
    await sql`
      update notification set state = 'in_doubt', reason = ${LOST_REASON}, lease_token = null, leased_until = null,
        finished_at = clock_timestamp()
      where channel = ${channel} and ${lost} and transfer_at is not null`.execute(kysely)
  const unbegun = repeatable ? sql`true` : sql`transfer_at is null`
  const { rows } = await sql<Row>`
    update notification n set state = 'sending', attempts = n.attempts + 1, lease_token = gen_random_uuid(),
      leased_until = clock_timestamp() + ${milliseconds(leaseMs)}, transfer_at = null
    from (
      select id from notification
      where channel = ${channel} and state in ('pending', 'sending') and (
        (state = 'pending' and (due_at <= clock_timestamp() or due_at > clock_timestamp() + ${milliseconds(FAR_AHEAD_MS)}))
        or (${lost} and ${unbegun}))
      order by due_at, id limit ${limit} for update skip locked
    ) due
    where n.id = due.id
    returning n.id, n.channel, n.target, n.message_id, n.content::text as content, n.attempts,
      n.lease_token as token`.execute(kysely)
  return rows.map(({ message_id: messageId, content, ...row }) => ({
    ...row,
    messageId,
    content: JSON.parse(content) as unknown,
  }))
}
