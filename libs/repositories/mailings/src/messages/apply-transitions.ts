import { MESSAGE_TRANSITIONS, type MessageStatus } from '@runnel/contracts'
import { sql, type Transaction } from 'kysely'
import type { Schema } from '@runnel/repositories-database'
import { lockMessages } from './lock-messages.ts'

/** A requested change of a message's status. */
export interface Transition {
  readonly messageId: number
  readonly to: MessageStatus
  /** Attempts made so far; left as it is where not given. */
  readonly attempts?: number
  /** A short code, for people. */
  readonly reason?: string
  /** When a message with the status `retry` is to be tried again, in milliseconds since 1970. Default: now. */
  readonly dueAtMs?: number
  /** A message with the status `retry` may have been sent. That stays so as long as it is tried again. */
  readonly inDoubt?: boolean
  /** How often the gateway has refused a message with the status `retry` for what it is. Default: not yet. */
  readonly refusals?: number
}

/** What became of it. */
export interface AppliedTransition {
  readonly messageId: number
  readonly from: MessageStatus
  readonly to: MessageStatus
}

export interface TransitionOptions {
  /** Time of the transitions in milliseconds since 1970. */
  readonly nowMs: number
  /** Which of the statistics' slots to count in, from 0: replicas that use different ones do not wait for each other. */
  readonly slot: number
}

/** As an array of JSON: one value is read faster than many rows. */
type AppliedRow = readonly [id: number, former: MessageStatus, next: MessageStatus]

/** A filter and no table to join: the planner began with that, and looked every message up once for each way to its status. */
const ALLOWED = Object.entries(MESSAGE_TRANSITIONS).flatMap(([from, tos]) => tos.map((to) => `${from} ${to}`))

/** Statuses that a tally counts by the hour: the message has come to rest, at least for now. */
export const TALLIED = sql`array['sent', 'failed', 'expired', 'cancelled', 'unknown']`

/**
 * The one way in which a message changes its status. Transitions that do not exist, or have happened already, are left
 * out, so that the same input may be given any number of times. In the same statement, statistics and tallies are
 * counted and rows of `retry` are made and removed, so that at every moment the counts equal a COUNT over the messages,
 * and a message has a row in `retry` exactly while its status says so.
 *
 * Rows are locked in the order of their ids, and counters in the order of their keys: transactions that share some wait
 * for each other and do not deadlock. Messages are locked by a statement of their own: the next one sees all that the
 * transaction that held them has done.
 * In one statement, a message that changes while its lock is waited for would be left out, and a row that was made in
 * `retry` meanwhile would not be found.
 *
 * @param transitions at most one for a message
 * @returns those that happened
 */
export async function applyTransitions(
  trx: Transaction<Schema>,
  transitions: readonly Transition[],
  { nowMs, slot }: TransitionOptions,
): Promise<AppliedTransition[]> {
  if (transitions.length === 0) return []
  await lockMessages(
    trx,
    transitions.map(({ messageId }) => messageId),
  )
  const now = new Date(nowMs)
  const input = JSON.stringify(
    transitions.map(({ messageId, to, attempts, reason, dueAtMs, inDoubt, refusals }) => ({
      id: messageId,
      next: to,
      attempts,
      reason,
      due_at: new Date(dueAtMs ?? nowMs),
      in_doubt: inDoubt ?? false,
      refusals: refusals ?? 0,
    })),
  )
  const { rows } = await sql<{ applied: readonly AppliedRow[] | null }>`
    with input as (
      select * from json_to_recordset(${input}::json)
        as i(id bigint, next text, attempts integer, reason text, due_at timestamptz, in_doubt boolean,
          refusals smallint)
    ), changing as materialized (
      select m.id, m.mailing_id, m.cell, m.status as former, m.updated_at as former_at,
        i.next, i.attempts, i.reason, i.due_at, i.in_doubt, i.refusals
      from message m join input i using (id)
      where m.status || ' ' || i.next = any(${sql.val(ALLOWED)}::text[])
      order by m.id
    ), changed as (
      update message m set status = c.next, attempts = coalesce(c.attempts, m.attempts), reason = c.reason,
        updated_at = ${now}
      from changing c where m.id = c.id
    ), due as (
      insert into retry (message_id, mailing_id, due_at, in_doubt, refusals)
      select id, mailing_id, due_at, in_doubt, refusals from changing where next = 'retry' order by id
      on conflict (message_id) do update
        set due_at = excluded.due_at, channel_due_at = excluded.channel_due_at, refusals = excluded.refusals, in_doubt = retry.in_doubt or excluded.in_doubt,
          lease_token = null, lease_owner = null, leased_until = null
    ), settled as (
      delete from retry where message_id in (select id from changing where former = 'retry' and next <> 'retry')
    ), counted as (
      insert into mailing_stat (mailing_id, cell, status, slot, count)
      select mailing_id, cell, status, ${slot}::smallint, sum(n) from (
        select mailing_id, cell, former as status, -1 as n from changing
        union all select mailing_id, cell, next, 1 from changing
      ) d group by 1, 2, 3 having sum(n) <> 0 order by 1, 2, 3
      on conflict (mailing_id, cell, status, slot) do update set count = mailing_stat.count + excluded.count
    ), tallied as (
      insert into mailing_tally (mailing_id, unit, at, status, slot, count)
      select mailing_id, unit, at, status, ${slot}::smallint, sum(n) from (
        select mailing_id, 'hour' as unit, date_trunc('hour', former_at, 'UTC') as at, former as status, -1 as n
          from changing where former = any(${TALLIED})
        union all select mailing_id, 'hour', date_trunc('hour', ${now}::timestamptz, 'UTC'), next, 1
          from changing where next = any(${TALLIED})
        union all select mailing_id, 'minute', date_trunc('minute', ${now}::timestamptz, 'UTC'), next, 1
          from changing where next = 'sent'
      ) d group by 1, 2, 3, 4 having sum(n) <> 0 order by 1, 2, 3, 4
      on conflict (mailing_id, unit, at, status, slot) do update
        set count = mailing_tally.count + excluded.count
    )
    select json_agg(json_build_array(id, former, next)) as applied from changing`.execute(trx)
  return (rows[0]!.applied ?? []).map(([messageId, from, to]) => ({ messageId, from, to }))
}
