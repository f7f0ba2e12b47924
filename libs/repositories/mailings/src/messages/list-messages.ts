import type { ChannelName, MessageStatus } from '@runnel/contracts'
import {
  all,
  type Database,
  ms,
  type PageLimits,
  readSizedPage,
  requireFew,
  requireScannable,
  type SizedPage,
} from '@runnel/repositories-database'
import { sql, type RawBuilder } from 'kysely'

/** Everything that is given has to match. */
export interface MessageFilter {
  readonly mailingId?: number | undefined
  readonly clientId?: number | undefined
  readonly status?: MessageStatus | undefined
  /** To which an attempt went, whoever has it by now. E.164 without the plus sign. */
  readonly phone?: number | undefined
  /** The same of an address that is no phone. Of an e-mail, as it was sent to. */
  readonly address?: string | undefined
}

export interface MessagePageOptions {
  readonly limits: PageLimits
  /** Messages with smaller ids. */
  readonly beforeId?: number | undefined
}

export interface StoredMessage {
  readonly id: number
  readonly mailingId: number
  readonly clientId: number
  /** Of a test send: the mailing that was tested. */
  readonly testOf: number | null
  /** Of its mailing. */
  readonly channel: ChannelName
  /** Of the client, when the message was made. */
  readonly operatorCode: string
  readonly tag: string
  readonly status: MessageStatus
  /** Made so far. */
  readonly attempts: number
  /** Why it failed, was cancelled or is unknown. */
  readonly reason: string | null
  readonly updatedAtMs: number
}

/** A message with where its last attempt went to; null where there was none, or that was not kept. */
export interface ListedMessage extends StoredMessage {
  /** E.164 without the plus sign. */
  readonly phone: number | null
  /** An e-mail address or webhook. */
  readonly address: string | null
}

interface ListedRow extends MessageRow {
  phone: number | null
  address: string | null
}

export interface MessageRow {
  id: number
  mailing_id: number
  client_id: number
  operator_code: string
  tag: string
  status: MessageStatus
  attempts: number
  reason: string | null
  updated_at_ms: number
  test_of: number | null
  channel: ChannelName
}

/** Columns of a {@link MessageRow}, from `message m` and its `mailing_cell c`. */
export const MESSAGE_COLUMNS = sql`m.id, m.mailing_id, m.client_id, c.operator_code, c.tag, m.status, m.attempts, m.reason,
  ${ms('m.updated_at')} as updated_at_ms, (select test_of from mailing where id = m.mailing_id) as test_of,
  coalesce((select channel from mailing where id = m.mailing_id), 'gateway') as channel`

/**
 * Messages, the newest first. The only indexes of `message` are those on its id and on (mailing_id, client_id), for an
 * update has to be HOT: a status is looked for among the messages of the mailing, or of all.
 *
 * @throws AppError query_too_slow
 */
export async function listMessages(
  database: Database,
  filter: MessageFilter,
  { limits, beforeId = Number.MAX_SAFE_INTEGER }: MessagePageOptions,
): Promise<SizedPage<ListedMessage>> {
  await requireFewMessages(database, filter, beforeId)
  const rows = sql`(
    select ${MESSAGE_COLUMNS}, last.phone, last.address
    from (${chosen(filter, beforeId, limits.items + 1)}) m
    join mailing_cell c on c.mailing_id = m.mailing_id and c.id = m.cell
    left join lateral (
      select phone, address from attempt where message_id = m.id order by started_at desc limit 1
    ) last on true)`
  const page = await readSizedPage<ListedRow>(database, { rows, order: sql`id desc` }, limits)
  return {
    ...page,
    items: page.items.map((row) => ({ ...toMessage(row), phone: row.phone, address: row.address })),
  }
}

function chosen(
  { mailingId, clientId, status, phone, address }: MessageFilter,
  beforeId: number,
  limit: number,
): RawBuilder<unknown> {
  const matching = [sql<boolean>`id < ${beforeId}`]
  if (status !== undefined) matching.push(sql`status = ${status}`)
  const to = [
    ...(phone === undefined ? [] : [sql<boolean>`phone = ${phone}`]),
    ...(address === undefined ? [] : [sql<boolean>`address = any(${formsOf(address)}::text[])`]),
  ]
  if (to.length > 0) {
    if (clientId !== undefined) matching.push(sql`client_id = ${clientId}`)
    if (mailingId !== undefined) matching.push(sql`mailing_id = ${mailingId}`)
    return ofAddress(all(to), all(matching), limit)
  }
  if (clientId !== undefined) {
    const ofClient = all([...matching, sql`client_id = ${clientId}`])
    return mailingId === undefined
      ? inEveryMailing(ofClient, limit)
      : sql`select * from message where mailing_id = ${mailingId} and ${ofClient}`
  }
  if (mailingId !== undefined) return ofMailing(mailingId, beforeId, all(matching), limit)
  return sql`select * from message where ${all(matching)} order by id desc limit ${limit}`
}

/** E-mail addresses are stored with a domain in lower case, mostly all of it; people look them up as they see them. */
function formsOf(address: string): string[] {
  const at = address.lastIndexOf('@')
  if (at < 0 || address.includes('://')) return [address]
  const domain = address.slice(at).toLowerCase()
  return [...new Set([address, address.slice(0, at) + domain, address.toLowerCase()])]
}

/** A client has at most one message in a mailing: one look into the index for each of them. */
function inEveryMailing(where: RawBuilder<boolean>, limit: number): RawBuilder<unknown> {
  return sql`select found.* from mailing cross join lateral (
      select * from message where mailing_id = mailing.id and ${where}
    ) found order by found.id desc limit ${limit}`
}

/** A phone or address has few messages: its attempts are found by pages that may hold it, and everything else among them. */
function ofAddress(to: RawBuilder<boolean>, where: RawBuilder<boolean>, limit: number): RawBuilder<unknown> {
  return sql`select * from message where id in (select message_id from attempt where ${to}) and ${where}
    order by id desc limit ${limit}`
}

/**
 * The chunks of a mailing hold its ranges of ids, without gaps and without overlaps. From the last to the first, each is
 * a short stretch of the primary key, and the walk ends with the page. An index on (mailing_id, id) would do the same,
 * and cost every materialised message a second insertion.
 */
function ofMailing(
  mailingId: number,
  beforeId: number,
  where: RawBuilder<boolean>,
  limit: number,
): RawBuilder<unknown> {
  return sql`select found.* from (
      select first_message_id, last_message_id from send_chunk
      where mailing_id = ${mailingId} and first_message_id < ${beforeId} order by first_message_id desc
    ) chunk cross join lateral (
      select * from message where id between first_message_id and last_message_id and ${where} order by id desc
    ) found order by chunk.first_message_id desc, found.id desc limit ${limit}`
}

/** Only a status is looked for in rows that do not have it; every other page ends by itself. */
async function requireFewMessages(
  database: Database,
  { mailingId, clientId, status, phone, address }: MessageFilter,
  beforeId: number,
): Promise<void> {
  const { kysely, maxScanRows } = database
  if (maxScanRows === undefined || status === undefined) return
  if (clientId !== undefined || phone !== undefined || address !== undefined) return
  if (mailingId === undefined) return requireScannable(database, 'message', sql`id < ${beforeId}`)
  const { rows } = await sql<{ messages: number }>`
    select coalesce(sum(last_message_id - first_message_id + 1), 0)::float8 as messages from send_chunk
    where mailing_id = ${mailingId} and first_message_id < ${beforeId}`.execute(kysely)
  requireFew(rows[0]!.messages, maxScanRows)
}

export function toMessage(row: MessageRow): StoredMessage {
  return {
    id: row.id,
    mailingId: row.mailing_id,
    clientId: row.client_id,
    testOf: row.test_of,
    channel: row.channel,
    operatorCode: row.operator_code,
    tag: row.tag,
    status: row.status,
    attempts: row.attempts,
    reason: row.reason,
    updatedAtMs: row.updated_at_ms,
  }
}
