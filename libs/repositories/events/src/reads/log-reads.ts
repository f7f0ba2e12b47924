import { readLevelName } from '@runnel/contracts'
import type { FieldPath } from '@runnel/contracts/log-query'
import { sql } from 'kysely'
import type { Database } from '@runnel/repositories-database'
import { receivedAt, timestamp } from '../writes/store-events.ts'
import { type EventPage, fromPosition, inRange, type PageOptions, type TimeRange } from './event-filter.ts'
import { ms } from '@runnel/repositories-database'
import { type EventTable, readEvent, readEventPage } from './read-event-page.ts'
import { fieldSql } from './log-query/field-sql.ts'
import { isFiltered, logConditions, type LogConditions } from './log-filter.ts'
import { requireScannable } from '@runnel/repositories-database'

export interface LogFilter extends LogConditions, TimeRange {}

export interface StoredLog {
  readonly id: string
  readonly receivedAtMs: number
  readonly occurredAtMs: number
  readonly level: string | null
  readonly service: string | null
  readonly message: string | null
  readonly timeUnread?: boolean | undefined
  /** 32 hexadecimal digits: the trace that it belongs to. */
  readonly traceId?: string | undefined
  /** The entry as it was sent: JSON text. */
  readonly dataText: string
}

/** An entry with some of its fields in the place of its data. */
export interface LogFields extends Omit<StoredLog, 'dataText'> {
  /** A JSON array with a value, or null, for each of the fields. */
  readonly fieldsText: string
}

export interface LogTableRow {
  id: string
  received_at_ms: number
  occurred_at_ms: number
  level: string | null
  service: string | null
  message: string | null
  time_unread: boolean | null
  trace_id: string | null
  bulk: string
}

/** The columns of a {@link LogTableRow}. */
export const LOG_COLUMNS = sql`id, ${ms('received_at')} as received_at_ms, ${ms('occurred_at')} as occurred_at_ms,
  level, service, message, time_unread, trace_id, data::text as bulk`

/** Of the copy of the message that an entry is given back with. */
export const MESSAGE_BYTES = sql<number>`octet_length(coalesce(message, ''))`

const LOGS: EventTable = {
  table: 'log',
  columns: sql`level, service, message, time_unread, trace_id`,
  bulk: sql<string>`data::text`,
  besideBytes: MESSAGE_BYTES,
}

export async function listLogs(
  database: Database,
  filter: LogFilter,
  page: PageOptions,
): Promise<EventPage<StoredLog>> {
  const { items, more } = await readLogPage(database, filter, page, LOGS)
  return { items: items.map(toLog), more }
}

async function readLogPage(
  database: Database,
  filter: LogFilter,
  page: PageOptions,
  table: EventTable,
): Promise<EventPage<LogTableRow>> {
  // A page without further conditions ends by itself.
  if (isFiltered(filter))
    await requireScannable(database, 'log', sql`${inRange(filter)} and ${fromPosition(page)}`)
  return readEventPage<LogTableRow>(database, table, matches(filter), page)
}

/**
 * The same with some fields alone, so that others need not be sent.
 *
 * @param fields the empty path is the whole of the data
 */
export async function listLogFields(
  database: Database,
  filter: LogFilter,
  page: PageOptions,
  fields: readonly FieldPath[],
): Promise<EventPage<LogFields>> {
  const values = sql.join(fields.map(fieldSql))
  const bulk = fields.length === 0 ? sql<string>`'[]'` : sql<string>`jsonb_build_array(${values})::text`
  const { items, more } = await readLogPage(database, filter, page, { ...LOGS, bulk })
  return { items: items.map(toLog).map(({ dataText, ...log }) => ({ ...log, fieldsText: dataText })), more }
}

/** @param id a UUIDv7 */
export async function findLog(database: Database, id: string): Promise<StoredLog | undefined> {
  const row = await readEvent<LogTableRow>(database, LOGS, id, receivedAt(id))
  return row && toLog(row)
}

/** Entries before a range that are looked through for one that matches. */
const MAX_LOOKED_BACK = 20_000

/**
 * When the newest entry before a time matches: what a person needs who finds nothing in a range. Of old entries only
 * {@link MAX_LOOKED_BACK} are looked at, with every column, for any of them may have a condition; PostgreSQL reads none that has not.
 *
 * @returns milliseconds since 1970
 */
export async function findNewestLogBefore(
  { kysely }: Database,
  conditions: LogConditions,
  beforeMs: number,
): Promise<number | undefined> {
  const { rows } = await sql<{ at_ms: number }>`
    select ${ms('occurred_at')} as at_ms from (
      select * from log
      where occurred_at < ${timestamp(beforeMs)}::timestamptz
      order by occurred_at desc limit ${MAX_LOOKED_BACK}
    ) log
    where ${logConditions(conditions)} order by occurred_at desc limit 1`.execute(kysely)
  return rows[0]?.at_ms
}

/** The condition for entries that match; for other queries over logs. */
export function matches(filter: LogFilter) {
  return sql<boolean>`${inRange(filter)} and ${logConditions(filter)}`
}

export function toLog(row: LogTableRow): StoredLog {
  return {
    id: row.id,
    receivedAtMs: row.received_at_ms,
    occurredAtMs: row.occurred_at_ms,
    // Rows of earlier versions hold levels as they were sent.
    level: row.level === null ? null : readLevelName(row.level),
    service: row.service,
    message: row.message,
    ...(row.time_unread === true && { timeUnread: true }),
    ...(row.trace_id !== null && { traceId: row.trace_id.replaceAll('-', '') }),
    dataText: row.bulk,
  }
}
