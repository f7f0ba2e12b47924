import { sql } from 'kysely'
import type { Database } from '@runnel/repositories-database'
import {
  MAILING,
  type MailingRow,
  RECIPIENT,
  type RecipientRow,
  toMailing,
  toRecipient,
} from './recipient-rows.ts'
import { isLive, milliseconds } from './send-conditions.ts'
import type { Recipient, SendMailing } from './send-types.ts'

/** Messages of a leased chunk that are about to be sent: those after one id, through another. */
export interface Block {
  readonly chunkId: number
  readonly token: string
  readonly afterId: number
  readonly throughId: number
}

export interface BegunBlock {
  readonly chunkId: number
  readonly mailing: SendMailing
  /** Messages of the block that are pending, by their ids. */
  readonly recipients: readonly Recipient[]
}

export interface BeginOptions {
  /** Domain time, in milliseconds since 1970. */
  readonly nowMs: number
  readonly sendTimeoutMs: number
  /** Of the lease, what has to be left. */
  readonly leaseLeftMs: number
}

interface BegunRow extends MailingRow {
  chunk_id: number
  recipients: readonly RecipientRow[] | null
}

/**
 * Notes that blocks are about to be sent, before anything of them is, and loads them as they are at this moment: by one
 * statement for many chunks. Refused are those whose lease was lost or is nearly over, and those of a mailing
 * that is not live: this is how pausing, cancelling and deleting act within one block. Safe to repeat.
 *
 * @param blocks at most one of a chunk
 * @returns those that may be sent
 */
export async function beginBlocks(
  { kysely }: Database,
  blocks: readonly Block[],
  { nowMs, sendTimeoutMs, leaseLeftMs }: BeginOptions,
): Promise<BegunBlock[]> {
  if (blocks.length === 0) return []
  const { rows } = await sql<BegunRow>`
    with input as (
      select * from json_to_recordset(${JSON.stringify(blocks)}::json)
        as i("chunkId" bigint, token uuid, "afterId" bigint, "throughId" bigint)
    ), leased as materialized (
      select c.id, c.mailing_id, i."afterId" as after_id, i."throughId" as through_id
      from send_chunk c join input i on i."chunkId" = c.id
      where c.lease_token = i.token and c.closed_at is null
        and c.leased_until > clock_timestamp() + ${milliseconds(leaseLeftMs)}
        and exists (select from mailing g where g.id = c.mailing_id and ${isLive(nowMs, sendTimeoutMs)})
      order by c.id for update of c
    ), begun as (
      update send_chunk c set started_through = greatest(c.started_through, leased.through_id)
      from leased where c.id = leased.id
    )
    select leased.id as chunk_id, ${MAILING}, (
      select json_agg(${RECIPIENT} order by m.id) from message m
      where m.id > leased.after_id and m.id <= leased.through_id and m.status = 'pending'
    ) as recipients
    from leased join mailing g on g.id = leased.mailing_id order by leased.id`.execute(kysely)
  return rows.map((row) => ({
    chunkId: row.chunk_id,
    mailing: toMailing(row),
    recipients: (row.recipients ?? []).map((recipient) => toRecipient(recipient)),
  }))
}
