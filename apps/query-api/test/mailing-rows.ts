import type { Database } from '@runnel/repositories-database'
import { applyTransitions, type Transition } from '@runnel/repositories-mailings'
import { sql } from 'kysely'

export interface MailingToInsert {
  readonly id: number
  /** Messages for clients 1 to this number, pending, by turns of two tags. */
  readonly messages: number
  /** Ids are taken from here on, without gaps. */
  readonly firstMessageId: number
}

/** A running mailing whose messages are all there. */
export async function insertMailing(
  { kysely }: Database,
  { id, messages, firstMessageId }: MailingToInsert,
): Promise<void> {
  const last = firstMessageId + messages - 1
  await kysely.transaction().execute(async (trx) => {
    await sql`insert into mailing (id, name, status, starts_at, ends_at, template, started_at, audience_through,
        materialised_through, materialised_at, message_count)
      overriding system value
      values (${id}, ${`Mailing ${id}`}, 'running', '2026-01-01', '2099-01-01', 'hello', '2026-01-01', 1000, 1000, now(),
        ${messages})`.execute(trx)
    await sql`insert into mailing_cell (mailing_id, id, operator_code, tag)
      values (${id}, 0, '901', ''), (${id}, 1, '902', 'vip')`.execute(trx)
    await sql`insert into message (id, mailing_id, client_id, cell, updated_at)
      select n, ${id}::bigint, n - ${firstMessageId} + 1, n % 2, '2026-01-01'
      from generate_series(${firstMessageId}::bigint, ${last}::bigint) n`.execute(trx)
    await sql`insert into send_chunk (mailing_id, time_zone, first_message_id, last_message_id, started_through)
      values (${id}, 'Europe/London', ${firstMessageId}, ${last}, ${firstMessageId - 1})`.execute(trx)
    await sql`insert into mailing_stat (mailing_id, cell, status, slot, count)
      select mailing_id, cell, status, 0, count(*) from message where mailing_id = ${id} group by 1, 2, 3`.execute(
      trx,
    )
  })
}

export async function insertAttempt({ kysely }: Database, messageId: number, at: Date): Promise<void> {
  await sql`insert into attempt
    (message_id, mailing_id, number, started_at, duration_ms, outcome, http_status, gateway_code, detail)
    values (${messageId}, 1, 1, ${at}, 12, 'failed', 400, 7, 'no such number')`.execute(kysely)
}

/** As the dispatcher does. */
export async function transition(
  { kysely }: Database,
  transitions: readonly Transition[],
  nowMs = Date.now(),
): Promise<void> {
  await kysely
    .transaction()
    .execute(async (trx) => void (await applyTransitions(trx, transitions, { nowMs, slot: 0 })))
}
