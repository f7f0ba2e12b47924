import type { ChannelName, MailingStatus, MessageStatus } from '@runnel/contracts'
import { sql } from 'kysely'
import type { Database } from '@runnel/repositories-database'
import { materialiseBlock } from '../src/mailings/materialise-block.ts'
import { startMailing } from '../src/mailings/start-mailing.ts'

export const NOON_MS = Date.parse('2026-03-01T12:00:00Z')
export const HOUR_MS = 3_600_000

const TABLES =
  'mailing, mailing_cell, mailing_stat, mailing_tally, message, retry, mailing_zone, client, send_chunk'

export async function emptyMailings({ kysely }: Database): Promise<void> {
  await sql`truncate ${sql.raw(TABLES)} restart identity`.execute(kysely)
}

export interface TestClients {
  readonly count: number
  /** Clients take turns with these. */
  readonly zones?: readonly string[]
  readonly operatorCodes?: readonly string[]
  readonly tags?: readonly string[]
}

let phone = 79_000_000_000

/** @returns their ids */
export async function insertClients({ kysely }: Database, clients: TestClients): Promise<number[]> {
  const { count, zones = ['Europe/Moscow'], operatorCodes = ['901'], tags = [''] } = clients
  const firstPhone = phone
  phone += count
  const pick = (from: readonly string[]) =>
    sql`(${sql.val([...from])}::text[])[1 + n % ${sql.lit(from.length)}]`
  const { rows } = await sql<{ id: number }>`
    insert into client (phone, operator_code, tag, time_zone)
    select ${firstPhone}::bigint + n, ${pick(operatorCodes)}, ${pick(tags)}, ${pick(zones)}
    from generate_series(0, ${count - 1}::int) n returning id`.execute(kysely)
  return rows.map(({ id }) => id)
}

export interface TestMailing {
  readonly status?: MailingStatus
  readonly startMs?: number
  readonly endMs?: number
  readonly operatorCodes?: readonly string[]
  readonly tags?: readonly string[]
  readonly window?: { from: number; to: number }
  readonly channel?: ChannelName
}

/** A mailing from noon on, for an hour. @returns its id */
export async function insertMailing({ kysely }: Database, mailing: TestMailing = {}): Promise<number> {
  const { status = 'scheduled', startMs = NOON_MS, endMs = NOON_MS + HOUR_MS, window } = mailing
  const row = await kysely
    .insertInto('mailing')
    .values({
      status,
      starts_at: new Date(startMs),
      ends_at: new Date(endMs),
      template: 'hello',
      channel: mailing.channel ?? 'gateway',
      operator_codes: [...(mailing.operatorCodes ?? [])],
      tags: [...(mailing.tags ?? [])],
      window_from: window?.from ?? null,
      window_to: window?.to ?? null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}

export function readMailing({ kysely }: Database, id: number) {
  return kysely.selectFrom('mailing').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
}

/** @returns clients that have a message, in their order */
export async function readRecipientIds({ kysely }: Database, mailingId: number): Promise<number[]> {
  const { rows } = await sql<{ client_id: number }>`
    select client_id from message where mailing_id = ${mailingId} order by client_id`.execute(kysely)
  return rows.map(({ client_id }) => client_id)
}

/** Messages by status. */
export async function countMessages(
  { kysely }: Database,
  mailingId: number,
): Promise<Partial<Record<MessageStatus, number>>> {
  const { rows } = await sql<{ status: MessageStatus; n: number }>`
    select status, count(*)::int as n from message where mailing_id = ${mailingId} group by status`.execute(
    kysely,
  )
  return Object.fromEntries(rows.map(({ status, n }) => [status, n]))
}

/** A running mailing with messages for `count` clients. @returns its id and that of its first message */
export async function startMailingFor(
  database: Database,
  count: number,
): Promise<{ readonly id: number; readonly first: number }> {
  await insertClients(database, { count })
  const id = await insertMailing(database)
  await startMailing(database, id, NOON_MS)
  await materialiseBlock(database, id, { nowMs: NOON_MS })
  const { rows } = await sql<{ first: number }>`select min(id) as first from message`.execute(database.kysely)
  return { id, first: rows[0]!.first }
}
