import { sql } from 'kysely'
import type { Database } from '@runnel/repositories-database'

export interface MailingToInsert {
  readonly id: number
  /** Messages, for clients 1 to this number, spread evenly over the cells. */
  readonly messages: number
  /** Ids are taken from here on, without gaps. */
  readonly firstMessageId: number
  /** Default: two operators, two tags. */
  readonly cells?: readonly (readonly [operatorCode: string, tag: string])[]
  readonly chunkSize?: number
  /** Before the database's own clock. */
  readonly startedMinutesAgo?: number
}

const CELLS = ['901', '902'].flatMap((operator) => ['', 'vip'].map((tag) => [operator, tag] as const))

/** A running mailing whose messages are all there, with status pending. */
export async function insertMailing(database: Database, mailing: MailingToInsert): Promise<void> {
  const { id, messages, firstMessageId, cells = CELLS, chunkSize = 7, startedMinutesAgo = 60 } = mailing
  const lastMessageId = firstMessageId + messages - 1
  await database.kysely.transaction().execute(async (trx) => {
    await sql`insert into mailing (id, name, status, starts_at, ends_at, template, started_at, audience_through,
        materialised_through, materialised_at, message_count)
      overriding system value
      values (${id}, ${`Mailing ${id}`}, 'running', now() - interval '1 day', now() + interval '1 day', 'hello',
        now() - ${startedMinutesAgo} * interval '1 minute', ${messages}, ${messages}, now(), ${messages})`.execute(
      trx,
    )
    await sql`insert into mailing_cell (mailing_id, id, operator_code, tag)
      select ${id}, place, cell->>0, cell->>1
      from json_array_elements(${JSON.stringify(cells)}::json) with ordinality c(cell, place)`.execute(trx)
    await sql`insert into message (id, mailing_id, client_id, cell, updated_at)
      select n, ${id}::bigint, n - ${firstMessageId} + 1, n % ${cells.length} + 1, now()
      from generate_series(${firstMessageId}::bigint, ${lastMessageId}::bigint) n`.execute(trx)
    await sql`insert into send_chunk (mailing_id, time_zone, first_message_id, last_message_id, started_through)
      select ${id}, 'Europe/London', n, least(n + ${chunkSize} - 1, ${lastMessageId}::bigint), n - 1
      from generate_series(${firstMessageId}::bigint, ${lastMessageId}::bigint, ${chunkSize}::bigint) n`.execute(
      trx,
    )
    await sql`insert into mailing_stat (mailing_id, cell, status, slot, count)
      select mailing_id, cell, 'pending', 0, count(*) from message where mailing_id = ${id}
      group by mailing_id, cell`.execute(trx)
  })
}
