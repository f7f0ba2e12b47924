import type { ChannelName } from '@runnel/contracts'
import { sql } from 'kysely'
import type { Database } from '@runnel/repositories-database'

/** Domain time of these tests; mailings run all through 2026. */
export const NOON_MS = Date.parse('2026-03-01T12:00:00Z')

export interface SendRows {
  readonly mailingId?: number
  readonly chunks?: number
  readonly perChunk?: number
  readonly timeZone?: string
  readonly channel?: ChannelName
  /** False: the next window is tomorrow's. */
  readonly open?: boolean
}

/** Message ids of a mailing start here. */
export const firstMessageOf = (mailingId: number): number => mailingId * 1_000_000

/** A running mailing with pending messages in chunks. Client and message have the same id. */
export async function insertSendRows(database: Database, rows: SendRows = {}): Promise<void> {
  const { mailingId = 1, chunks = 1, perChunk = 10, timeZone = 'Europe/Moscow', open = true } = rows
  const { channel = 'gateway' } = rows
  const first = firstMessageOf(mailingId)
  const count = chunks * perChunk
  const from = open ? '2026-03-01T06:00:00Z' : '2026-03-02T06:00:00Z'
  const until = open ? '2026-03-01T18:00:00Z' : '2026-03-02T18:00:00Z'
  await database.kysely.transaction().execute(async (trx) => {
    await sql`insert into mailing (id, status, starts_at, ends_at, template, channel) overriding system value
      values (${mailingId}, 'running', '2026-01-01', '2026-12-31', 'hello', ${channel})`.execute(trx)
    await sql`insert into mailing_cell (mailing_id, id, operator_code, tag)
      values (${mailingId}, 1, '901', 'vip')`.execute(trx)
    await sql`insert into mailing_zone values (${mailingId}, ${timeZone}, ${from}, ${until})`.execute(trx)
    await sql`insert into client (id, phone, operator_code, tag, time_zone) overriding system value
      select n, 79010000000 + n, '901', 'vip', ${timeZone}
      from generate_series(${first}::bigint, ${first + count - 1}::bigint) n`.execute(trx)
    await sql`insert into message (id, mailing_id, client_id, cell, updated_at)
      select n, ${mailingId}::bigint, n, 1, '2026-01-01'
      from generate_series(${first}::bigint, ${first + count - 1}::bigint) n`.execute(trx)
    await sql`insert into mailing_stat values (${mailingId}, 1, 'pending', 0, ${count})`.execute(trx)
    await sql`insert into send_chunk (mailing_id, time_zone, first_message_id, last_message_id, started_through)
      select ${mailingId}::bigint, ${timeZone}, n, n + ${perChunk}::int - 1, n - 1
      from generate_series(${first}::bigint, ${first + count - 1}::bigint, ${perChunk}::int) n`.execute(trx)
  })
}

export const SEND_TABLES =
  'mailing, mailing_cell, mailing_stat, mailing_tally, mailing_zone, message, retry, send_chunk, client, attempt'
