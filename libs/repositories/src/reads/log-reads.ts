import { sql } from 'kysely'
import type { Database } from '../database.ts'
import { receivedAt } from '../writes/store-events.ts'
import { containsAll } from './contains-all.ts'
import {
  all,
  beforePosition,
  inRange,
  memberEquals,
  type EventPage,
  type PageOptions,
  type TimeRange,
} from './event-filter.ts'
import { readEvent, readEventPage, type EventTable } from './event-page.ts'
import { requireScannable } from './require-scannable.ts'

/** Everything that is given has to match. */
export interface LogFilter extends TimeRange {
  readonly level?: string | undefined
  readonly service?: string | undefined
  /** Every one of them occurs in the message, in whatever case. */
  readonly words?: readonly string[]
  /** Members of `attributes`, or of the entry itself. */
  readonly attributes?: readonly (readonly [name: string, value: string])[]
}

export interface StoredLog {
  readonly id: string
  readonly receivedAtMs: number
  readonly occurredAtMs: number
  readonly level: string | null
  readonly service: string | null
  readonly message: string | null
  /** The entry as it was sent: JSON text. */
  readonly dataText: string
}

interface Row {
  id: string
  received_at_ms: number
  occurred_at_ms: number
  level: string | null
  service: string | null
  message: string | null
  bulk: string
}

const LOGS: EventTable = {
  table: 'log',
  columns: sql`level, service, message`,
  bulk: sql<string>`data::text`,
}

export async function listLogs(
  database: Database,
  filter: LogFilter,
  page: PageOptions,
): Promise<EventPage<StoredLog>> {
  // A page without further conditions ends by itself.
  const { level, service, words = [], attributes = [] } = filter
  const filtered = level !== undefined || service !== undefined || words.length + attributes.length > 0
  if (filtered)
    await requireScannable(database, 'log', sql`${inRange(filter)} and ${beforePosition(page.after)}`)
  const { items, more } = await readEventPage<Row>(database, LOGS, matches(filter), page)
  return { items: items.map(toLog), more }
}

/** @param id a UUIDv7 */
export async function findLog(database: Database, id: string): Promise<StoredLog | undefined> {
  const row = await readEvent<Row>(database, LOGS, id, receivedAt(id))
  return row && toLog(row)
}

/** The condition for entries that match; for other queries over logs. */
export function matches({ level, service, words = [], attributes = [], ...range }: LogFilter) {
  const conditions = [inRange(range), containsAll(sql`message`, words)]
  if (level !== undefined) conditions.push(sql`level = ${level}`)
  if (service !== undefined) conditions.push(sql`service = ${service}`)
  for (const [name, value] of attributes) {
    const inAttributes = memberEquals(sql`(data->'attributes')`, name, value)
    conditions.push(sql`(${inAttributes} or ${memberEquals(sql`data`, name, value)})`)
  }
  return all(conditions)
}

function toLog(row: Row): StoredLog {
  return {
    id: row.id,
    receivedAtMs: row.received_at_ms,
    occurredAtMs: row.occurred_at_ms,
    level: row.level,
    service: row.service,
    message: row.message,
    dataText: row.bulk,
  }
}
