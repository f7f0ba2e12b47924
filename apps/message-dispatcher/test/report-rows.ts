import type { Database } from '@runnel/repositories-database'
import { sql } from 'kysely'

export interface ReportedMailing {
  readonly name: string
  /** ISO, of an hour of which messages are counted. */
  readonly hour: string
  readonly sent?: number
  readonly failed?: number
}

/** A mailing that ran and was completed within one hour, with its counts and its failed messages. */
export async function insertReportedMailing(database: Database, mailing: ReportedMailing): Promise<number> {
  const { name, hour, sent = 0, failed = 0 } = mailing
  const { rows } = await sql<{ id: number }>`
    insert into mailing (name, status, starts_at, ends_at, template, started_at, finished_at, settled_at, materialised_at)
    values (${name}, 'completed', ${hour}::timestamptz, ${hour}::timestamptz + interval '2 days', 'hello',
      ${hour}::timestamptz, ${hour}::timestamptz + interval '10 minutes', ${hour}::timestamptz + interval '10 minutes',
      ${hour}::timestamptz)
    returning id`.execute(database.kysely)
  const { id } = rows[0]!
  const counts = Object.entries({ sent, failed }).filter(([, count]) => count > 0)
  for (const [status, count] of counts)
    await sql`insert into mailing_tally (mailing_id, unit, at, status, slot, count)
      values (${id}, 'hour', date_trunc('hour', ${hour}::timestamptz), ${status}, 0, ${count})`.execute(
      database.kysely,
    )
  await sql`insert into message (id, mailing_id, client_id, cell, status, reason, updated_at)
    select ${id}::bigint * 100000 + n, ${id}, n, 1, 'failed', case when n % 2 = 0 then 'http_400' else 'opted_out' end,
      ${hour}::timestamptz + interval '5 minutes'
    from generate_series(1, ${failed}::integer) n`.execute(database.kysely)
  return id
}
