import type { MessageStatus } from '@runnel/contracts'
import { sql, type Transaction } from 'kysely'
import type { Database } from '@runnel/repositories-database'
import { applyTransitions } from '../messages/apply-transitions.ts'
import type { Schema } from '@runnel/repositories-database'
import { writeAudit } from '../write-audit.ts'
import { requireApproved } from './approve-mailing.ts'
import { type Act, lockMailing, requireStatus, updateMailing } from './lock-mailing.ts'
import { requireTimeLeft } from './mailing-actions.ts'
import type { MailingRow } from './stored-mailing.ts'

export interface RetryOptions extends Act {
  /** What is tried again: failed messages, those of unknown outcome, or both. */
  readonly include: readonly Extract<MessageStatus, 'failed' | 'unknown'>[]
  /** Messages with greater ids. */
  readonly afterId: number
  /** Entry of the audit log that counts this act; the first block that retries something writes one. */
  readonly auditId?: number | undefined
}

export interface RetriedBlock {
  readonly accepted: number
  /** Where the next block starts; undefined behind the last message. */
  readonly throughId: number | undefined
  readonly auditId: number | undefined
}

/** Chunks of messages that one transaction looks at: at most 5,000 messages. */
const BLOCK_CHUNKS = 10

/**
 * Messages of one block are to be sent again, now. One transaction, with the mailing's row locked: a million messages
 * take many of these, so that senders and other people never wait for long. A completed mailing runs again.
 *
 * Blocks are ranges of ids, for `message` has no index on its status.
 *
 * @throws AppError not_found, conflict
 */
export function retryFailedBlock(
  database: Database,
  id: number,
  options: RetryOptions,
): Promise<RetriedBlock> {
  const { nowMs } = options
  return database.kysely.transaction().execute(async (trx) => {
    const row = await lockMailing(trx, id)
    requireStatus(row, ['running', 'paused', 'completed'], 'retried')
    requireTimeLeft(row, nowMs)
    requireApproved(row)
    const { ids, throughId } = await findBlock(trx, id, options)
    const retried = await applyTransitions(
      trx,
      ids.map((messageId) => ({ messageId, to: 'retry' })),
      { nowMs, slot: 0 },
    )
    const accepted = retried.length
    if (accepted === 0) return { accepted, throughId, auditId: options.auditId }
    if (row.status === 'completed') await reopen(trx, row, options)
    return { accepted, throughId, auditId: await countInAudit(trx, id, options, accepted) }
  })
}

/** Chunks, for only their ranges of ids hold no messages of other mailings. */
async function findBlock(trx: Transaction<Schema>, mailingId: number, { include, afterId }: RetryOptions) {
  const { rows } = await sql<{ ids: number[] | null; through: number | null }>`
    with block as materialized (
      select first_message_id, last_message_id from send_chunk
      where mailing_id = ${mailingId} and first_message_id > ${afterId}
      order by first_message_id limit ${BLOCK_CHUNKS}
    )
    select (select max(last_message_id) from block) as through, (
      select json_agg(m.id order by m.id)
      from block b join message m on m.id between b.first_message_id and b.last_message_id
      where m.status = any(${[...include]}::text[])
    ) as ids`.execute(trx)
  const { ids, through } = rows[0]!
  return { ids: ids ?? [], throughId: through ?? undefined }
}

async function reopen(trx: Transaction<Schema>, { id }: MailingRow, act: Act): Promise<void> {
  await updateMailing(trx, id, act, { status: 'running', finished_at: null, settled_at: null })
}

/** One act of a person is one entry, however many blocks it takes. */
async function countInAudit(
  trx: Transaction<Schema>,
  mailingId: number,
  { actor, include, auditId }: RetryOptions,
  accepted: number,
): Promise<number> {
  if (auditId === undefined) {
    const detail = { include, accepted }
    return writeAudit(trx, {
      actor,
      action: 'retry_failed',
      subject: 'mailing',
      subjectId: mailingId,
      detail,
    })
  }
  await sql`
    update audit_log set detail = detail || jsonb_build_object('accepted', (detail->>'accepted')::bigint + ${accepted}::bigint)
    where id = ${auditId}`.execute(trx)
  return auditId
}
