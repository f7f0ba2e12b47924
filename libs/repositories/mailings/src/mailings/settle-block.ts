import { sql, type Transaction } from 'kysely'
import type { Database } from '@runnel/repositories-database'
import { type AppliedTransition, applyTransitions, type Transition } from '../messages/apply-transitions.ts'
import type { Schema } from '@runnel/repositories-database'
import { SCHEDULE_SLOT } from './schedule-slot.ts'

/** Chunks of a block: at most 5,000 messages. */
const MAX_CHUNKS = 10

/** Messages of a block that waited to be tried again. */
const MAX_RETRIES = 5000

/** Why the outcome of a message is unknown: the mailing ended after an attempt that had no result. */
const NO_RESULT = 'no_result'

export interface SettledBlock {
  /** Messages that came to rest. */
  readonly applied: readonly AppliedTransition[]
  readonly chunks: number
}

interface OpenMessage {
  id: number
  started: boolean
}

/** No living worker holds the row: its lease is over, or it has none. */
const IS_FREE = sql`(leased_until is null or leased_until <= clock_timestamp())`

/**
 * Settles some of what a mailing that has expired or was cancelled has left open. What no replica has begun to send shares
 * the mailing's fate. What a worker had begun, and left without a result, is `unknown`: it may have been sent, even where
 * the gateway refused it afterwards. Whatever a
 * living worker holds is left to it until its lease is over.
 *
 * Two transactions, each of which locks the mailing, and then in the order that senders keep: chunks, messages, rows of `retry`.
 *
 * @param nowMs milliseconds since 1970
 * @returns how much that was; nothing where nothing is left, or others hold it
 */
export async function settleBlock(
  database: Database,
  mailingId: number,
  nowMs: number,
): Promise<SettledBlock> {
  const chunked = await settle(database, mailingId, nowMs, lockChunks)
  const retried = await settle(database, mailingId, nowMs, lockRetries)
  return { applied: [...chunked.applied, ...retried.applied], chunks: chunked.chunks }
}

interface Locked {
  readonly chunks: readonly number[]
  readonly messages: readonly OpenMessage[]
}

type Lock = (trx: Transaction<Schema>, mailingId: number) => Promise<Locked>

function settle({ kysely }: Database, mailingId: number, nowMs: number, lock: Lock): Promise<SettledBlock> {
  return kysely.transaction().execute(async (trx) => {
    // A person may prolong an expired mailing: that waits until this block is settled, and opens it again.
    const { rows } = await sql<{ status: 'expired' | 'cancelled' }>`
      select status from mailing where id = ${mailingId} and settled_at is null
        and status in ('expired', 'cancelled') for share`.execute(trx)
    const status = rows[0]?.status
    if (!status) return { applied: [], chunks: 0 }
    const { chunks, messages } = await lock(trx, mailingId)
    const transitions = messages.map(({ id, started }): Transition =>
      started ? { messageId: id, to: 'unknown', reason: NO_RESULT } : { messageId: id, to: status },
    )
    const applied = await applyTransitions(trx, transitions, { nowMs, slot: SCHEDULE_SLOT })
    if (chunks.length > 0) {
      await sql`
        update send_chunk set closed_at = ${new Date(nowMs)}, lease_token = null, lease_owner = null, leased_until = null
        where id = any(${[...chunks]}::bigint[])`.execute(trx)
    }
    return { applied, chunks: chunks.length }
  })
}

/** Open chunks that are free, and their messages without a result. */
async function lockChunks(trx: Transaction<Schema>, mailingId: number): Promise<Locked> {
  const { rows } = await sql<{ id: number }>`
    select id from send_chunk where mailing_id = ${mailingId} and closed_at is null and ${IS_FREE}
    order by id limit ${MAX_CHUNKS} for update skip locked`.execute(trx)
  const chunks = rows.map(({ id }) => id)
  if (chunks.length === 0) return { chunks, messages: [] }
  // A fence makes it go chunk by chunk: before a young table is analysed, the planner reads all of it otherwise.
  const { rows: messages } = await sql<OpenMessage>`
    select m.id, m.id <= c.started_through as started
    from send_chunk c cross join lateral (
      select id from message
      where id between c.first_message_id and c.last_message_id and status = 'pending' offset 0
    ) m
    where c.id = any(${chunks}::bigint[])`.execute(trx)
  return { chunks, messages }
}

/**
 * Free messages that waited to be tried again. One that a worker had leased for that counts as begun, and so does one whose
 * former attempts may have reached the gateway.
 */
async function lockRetries(trx: Transaction<Schema>, mailingId: number): Promise<Locked> {
  const { rows: waiting } = await sql<{ id: number }>`
    select message_id as id from retry where mailing_id = ${mailingId} and ${IS_FREE}
    order by due_at limit ${MAX_RETRIES}`.execute(trx)
  if (waiting.length === 0) return { chunks: [], messages: [] }
  const { rows: locked } = await sql<{ id: number }>`
    select id from message where id = any(${waiting.map(({ id }) => id)}::bigint[]) and status = 'retry'
    order by id for update skip locked`.execute(trx)
  const { rows: messages } = await sql<OpenMessage>`
    select message_id as id, in_doubt or lease_token is not null as started from retry
    where message_id = any(${locked.map(({ id }) => id)}::bigint[]) and ${IS_FREE}
    order by message_id for update skip locked`.execute(trx)
  return { chunks: [], messages }
}
