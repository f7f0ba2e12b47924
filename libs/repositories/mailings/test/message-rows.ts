import { sql } from 'kysely'
import type { Database } from '@runnel/repositories-database'

/** A running mailing with messages 1 to `count` in status pending, all of one cell, each to a client of its own. */
export async function insertMessages(database: Database, count: number, mailingId = 1): Promise<void> {
  await database.kysely.transaction().execute(async (trx) => {
    await sql`insert into mailing (id, status, starts_at, ends_at, template) overriding system value
      values (${mailingId}, 'running', '2026-01-01', '2026-12-31', 'hello')`.execute(trx)
    await sql`insert into mailing_cell (mailing_id, id, operator_code, tag)
      values (${mailingId}, 1, '901', 'vip')`.execute(trx)
    await sql`insert into message (id, mailing_id, client_id, cell, updated_at)
      select n, ${mailingId}::bigint, n, 1, '2026-01-01' from generate_series(1, ${count}::int) n`.execute(
      trx,
    )
    await sql`insert into mailing_stat (mailing_id, cell, status, slot, count)
      values (${mailingId}, 1, 'pending', 0, ${count})`.execute(trx)
  })
}

/** Statuses as the statistics count them, and as the messages say; zero is left out. */
export async function countStatuses(database: Database, mailingId = 1) {
  const { rows } = await sql<{ source: string; status: string; count: number }>`
    select 'stat' as source, status, sum(count)::int as count from mailing_stat
    where mailing_id = ${mailingId} group by status having sum(count) <> 0
    union all
    select 'message', status, count(*)::int from message where mailing_id = ${mailingId} group by status`.execute(
    database.kysely,
  )
  const of = (source: string) =>
    Object.fromEntries(rows.filter((row) => row.source === source).map((row) => [row.status, row.count]))
  return { statistics: of('stat'), messages: of('message') }
}
