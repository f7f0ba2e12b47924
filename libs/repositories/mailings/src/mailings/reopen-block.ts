import { sql, type Transaction } from 'kysely'
import type { Database, Schema } from '@runnel/repositories-database'
import { type AppliedTransition, applyTransitions, type Transition } from '../messages/apply-transitions.ts'
import { SCHEDULE_SLOT } from './schedule-slot.ts'

/** Chunks of a block: at most 5,000 messages. */
const MAX_CHUNKS = 10

export interface ReopenedBlock {
  /** Messages that are to be sent again. */
  readonly applied: readonly AppliedTransition[]
  /** Whether it was the last block. */
  readonly done: boolean
}

interface Chunk {
  readonly id: number
  readonly first_message_id: number
}

/**
 * Opens the expired messages of the next chunks of a mailing that was prolonged, in one transaction with the cursor. What its
 * worker had not come to is pending again, in its chunk; what was waiting to be tried again is due now. A message that may
 * have been sent has not expired, it is unknown: so none of these is sent twice.
 *
 * Locks the mailing, then chunks, then messages.
 *
 * @param nowMs milliseconds since 1970
 * @returns undefined where there is nothing to open, or another replica is at it
 */
export function reopenBlock(
  { kysely }: Database,
  mailingId: number,
  nowMs: number,
): Promise<ReopenedBlock | undefined> {
  return kysely.transaction().execute(async (trx) => {
    const { rows } = await sql<{ reopen_after: number }>`
      select reopen_after from mailing
      where id = ${mailingId} and reopen_after is not null and status in ('running', 'paused')
      for no key update skip locked`.execute(trx)
    if (!rows[0]) return undefined
    const chunks = await lockChunks(trx, mailingId, rows[0].reopen_after)
    const transitions = await findExpired(trx, chunks)
    const applied = await applyTransitions(trx, transitions, { nowMs, slot: SCHEDULE_SLOT })
    await openChunks(trx, chunks)
    const done = chunks.length < MAX_CHUNKS
    const cursor = done ? null : chunks.at(-1)!.first_message_id
    await sql`update mailing set reopen_after = ${cursor}::bigint where id = ${mailingId}`.execute(trx)
    return { applied, done }
  })
}

async function lockChunks(
  trx: Transaction<Schema>,
  mailingId: number,
  afterMessageId: number,
): Promise<readonly Chunk[]> {
  const { rows } = await sql<Chunk>`
    select id, first_message_id from send_chunk where id in (
      select id from send_chunk where mailing_id = ${mailingId} and first_message_id > ${afterMessageId}
      order by first_message_id limit ${MAX_CHUNKS}
    ) order by id for update`.execute(trx)
  return rows.toSorted((a, b) => a.first_message_id - b.first_message_id)
}

async function findExpired(trx: Transaction<Schema>, chunks: readonly Chunk[]): Promise<Transition[]> {
  const { rows } = await sql<{ id: number; started: boolean }>`
    select m.id, m.id <= c.started_through as started
    from send_chunk c cross join lateral (
      select id from message
      where id between c.first_message_id and c.last_message_id and status = 'expired' offset 0
    ) m
    where c.id = any(${chunks.map(({ id }) => id)}::bigint[])`.execute(trx)
  return rows.map(({ id, started }) => ({ messageId: id, to: started ? 'retry' : 'pending' }))
}

/** Those that hold something pending now. An open one may be leased, and stays as it is. */
async function openChunks(trx: Transaction<Schema>, chunks: readonly Chunk[]): Promise<void> {
  await sql`
    update send_chunk c set closed_at = null
    where c.id = any(${chunks.map(({ id }) => id)}::bigint[]) and c.closed_at is not null and exists (
      select from message m
      where m.id between c.first_message_id and c.last_message_id and m.status = 'pending'
    )`.execute(trx)
}
