import type { ChannelName } from '@runnel/contracts'
import { connectDatabase, type Database, ensurePartitions } from '@runnel/repositories-database'
import { createTestDatabase } from '@runnel/testing'
import { sql } from 'kysely'

/** Domain time at the start of each test; mailings run all through 2026. */
export const NOON_MS = Date.parse('2026-03-02T12:00:00Z')

interface MailingRows {
  readonly mailingId?: number
  readonly chunks?: number
  readonly perChunk?: number
  readonly timeZone?: string
  readonly template?: string
  readonly ratePerSecond?: number
  /** Default: the gateway. Clients get addresses of the others. */
  readonly channel?: ChannelName
  readonly subject?: string
}

/** Message ids of a mailing start here; each client has the id of its message. */
export const firstMessageOf = (mailingId: number): number => mailingId * 1_000_000

export interface SendingDatabase extends Database {
  /** A running mailing with pending messages in chunks. */
  insertMailing(rows?: MailingRows): Promise<void>
  /** SQL as it is. */
  run(text: string): Promise<void>
  /** As if the time of all leases of an owner, or of all, had passed. */
  endLeases(owner?: string): Promise<void>
  /** Messages by status, once the statistics say the same. */
  counts(): Promise<Record<string, number>>
  messages(): Promise<{ id: number; status: string; attempts: number; reason: string | null }[]>
  openChunks(): Promise<number>
  drop(): Promise<void>
}

export async function openSendingDatabase(): Promise<SendingDatabase> {
  const made = await createTestDatabase()
  const database = connectDatabase({
    url: made.url,
    applicationName: 'test',
    poolSize: 8,
    statementTimeoutMs: 10_000,
  })
  await ensurePartitions(database, [NOON_MS])
  const { kysely } = database
  const run = async (text: string) => void (await sql.raw(text).execute(kysely))
  return {
    ...database,
    run,
    insertMailing: (rows = {}) => insertMailing(database, rows),
    async endLeases(owner) {
      const whose = owner === undefined ? 'lease_owner is not null' : `lease_owner = '${owner}'`
      await run(`update send_chunk set leased_until = clock_timestamp() - interval '1 s' where ${whose}`)
      await run(`update retry set leased_until = clock_timestamp() - interval '1 s' where ${whose}`)
    },
    counts: () => counts(database),
    messages: () =>
      kysely.selectFrom('message').select(['id', 'status', 'attempts', 'reason']).orderBy('id').execute(),
    openChunks: async () =>
      (await kysely.selectFrom('send_chunk').select('id').where('closed_at', 'is', null).execute()).length,
    async drop() {
      await database.close()
      await made.drop()
    },
  }
}

async function insertMailing({ kysely }: Database, rows: MailingRows): Promise<void> {
  const { mailingId = 1, chunks = 1, perChunk = 10, timeZone = 'Europe/Moscow', template = 'hello' } = rows
  const { channel = 'gateway', subject = null } = rows
  const first = firstMessageOf(mailingId)
  const last = first + chunks * perChunk - 1
  await kysely.transaction().execute(async (trx) => {
    await sql`insert into mailing (id, status, starts_at, ends_at, template, rate_per_second, channel, subject) overriding system value
      values (${mailingId}, 'running', '2026-01-01', '2026-12-31', ${template}, ${rows.ratePerSecond ?? null},
        ${channel}, ${subject})`.execute(trx)
    await sql`insert into mailing_cell values (${mailingId}, 1, '901', 'vip')`.execute(trx)
    await sql`insert into mailing_zone values (${mailingId}, ${timeZone}, '2026-01-01', '2026-12-31')`.execute(
      trx,
    )
    await sql`insert into client (id, phone, operator_code, tag, time_zone, email, webhook_url) overriding system value
      select n, 79010000000 + n, '901', 'vip', ${timeZone}, n || '@example.com', 'https://example.com/' || n
      from generate_series(${first}::bigint, ${last}::bigint) n`.execute(trx)
    await sql`insert into message (id, mailing_id, client_id, cell, updated_at)
      select n, ${mailingId}::bigint, n, 1, '2026-01-01'
      from generate_series(${first}::bigint, ${last}::bigint) n`.execute(trx)
    await sql`insert into mailing_stat values (${mailingId}, 1, 'pending', 0, ${chunks * perChunk})`.execute(
      trx,
    )
    await sql`insert into send_chunk (mailing_id, time_zone, first_message_id, last_message_id, started_through)
      select ${mailingId}::bigint, ${timeZone}, n, n + ${perChunk}::int - 1, n - 1
      from generate_series(${first}::bigint, ${last}::bigint, ${perChunk}::int) n`.execute(trx)
  })
}

/** @throws Error where the statistics say something else than the messages */
async function counts({ kysely }: Database): Promise<Record<string, number>> {
  const { rows } = await sql<{ status: string; stat: number; message: number }>`
    select status, coalesce(s.count, 0)::int as stat, coalesce(m.count, 0)::int as message
    from (select status, sum(count) as count from mailing_stat group by status) s
    full join (select status, count(*) as count from message group by status) m using (status)`.execute(
    kysely,
  )
  const wrong = rows.filter(({ stat, message }) => stat !== message)
  if (wrong.length > 0) throw new Error(`Statistics and messages differ: ${JSON.stringify(wrong)}`)
  return Object.fromEntries(rows.filter(({ stat }) => stat > 0).map(({ status, stat }) => [status, stat]))
}
