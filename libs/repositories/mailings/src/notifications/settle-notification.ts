import type { Database } from '@runnel/repositories-database'
import { sql } from 'kysely'
import { milliseconds } from '../sending/send-conditions.ts'
import type { ClaimedNotification } from './claim-notifications.ts'

type Claim = Pick<ClaimedNotification, 'id' | 'token'>

/** What became of an attempt to deliver a notification. */
export type NotificationOutcome =
  | { readonly outcome: 'sent' }
  /** Not sent; tried again, unless it is given up by then. */
  | { readonly outcome: 'retry'; readonly reason: string; readonly delayMs: number }
  /** Not sent, and never will be by itself. */
  | { readonly outcome: 'failed'; readonly reason: string }
  /** It may have arrived: only a person has it sent again. */
  | { readonly outcome: 'in_doubt'; readonly reason: string }
  /** Not begun, because the process ends: another one may do it at once. */
  | { readonly outcome: 'released' }

const MAX_REASON = 500

/**
 * Notes that the message is being sent from now on, and may have arrived if nothing else is heard of it.
 *
 * @returns false where the lease was lost: the message must not be sent
 */
export async function beginTransfer({ kysely }: Database, { id, token }: Claim): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update notification set transfer_at = clock_timestamp()
    where id = ${id} and lease_token = ${token}::uuid and leased_until > clock_timestamp()`.execute(kysely)
  return Number(numAffectedRows ?? 0) === 1
}

/**
 * Records what became of an attempt. Repeatable. That it was sent is a fact, no matter which process holds the lease by now; everything else counts
 * only with the lease.
 *
 * @returns the state that the notification has now; undefined where the lease was lost
 */
export async function settleNotification(
  { kysely }: Database,
  { id, token }: Claim,
  result: NotificationOutcome,
): Promise<string | undefined> {
  const held = sql`id = ${id} and lease_token = ${token}::uuid`
  const free = sql`lease_token = null, leased_until = null`
  const reason = 'reason' in result ? result.reason.slice(0, MAX_REASON) : null
  const update = {
    sent: () => sql<{ state: string }>`
      update notification set state = 'sent', reason = null, finished_at = clock_timestamp(), ${free}
      where id = ${id} and (lease_token = ${token}::uuid or state in ('in_doubt', 'pending')) returning state`,
    retry: () => {
      const dueAt = sql`clock_timestamp() + ${milliseconds(result.outcome === 'retry' ? result.delayMs : 0)}`
      return sql<{ state: string }>`
        update notification set state = case when ${dueAt} < expires_at then 'pending' else 'failed' end,
          finished_at = case when ${dueAt} < expires_at then null else clock_timestamp() end,
          reason = ${reason}, due_at = ${dueAt}, transfer_at = null, ${free}
        where ${held} returning state`
    },
    failed: () => sql<{ state: string }>`
      update notification set state = 'failed', reason = ${reason}, finished_at = clock_timestamp(), ${free}
      where ${held} returning state`,
    in_doubt: () => sql<{ state: string }>`
      update notification set state = 'in_doubt', reason = ${reason}, finished_at = clock_timestamp(), ${free}
      where ${held} returning state`,
    released: () => sql<{ state: string }>`
      update notification set state = 'pending', attempts = attempts - 1, due_at = clock_timestamp(),
        transfer_at = null, ${free}
      where ${held} returning state`,
  }
  const { rows } = await update[result.outcome]().execute(kysely)
  return rows[0]?.state
}
