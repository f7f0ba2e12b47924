import { sql } from 'kysely'
import type { Database } from '@runnel/repositories-database'
import { receivedAt } from '../writes/store-events.ts'
import {
  type EventPage,
  fromPosition,
  inRange,
  memberEquals,
  type PageOptions,
  type TimeRange,
} from './event-filter.ts'
import { all } from '@runnel/repositories-database'
import { type EventTable, readEvent, readEventPage } from './read-event-page.ts'
import { requireScannable } from '@runnel/repositories-database'

/** Everything that is given has to match. */
export interface MetricFilter extends TimeRange {
  readonly name?: string | undefined
  readonly tags?: readonly (readonly [name: string, value: string])[]
}

export interface StoredMetric {
  readonly id: string
  readonly receivedAtMs: number
  readonly occurredAtMs: number
  readonly name: string
  readonly value: number | null
  readonly unit: string | null
  /** JSON text, like those below. */
  readonly tagsText: string
  /** What was measured, as it was sent. */
  readonly dataText: string
  /** Members that were sent beside `data`, or `null`. */
  readonly extraText: string
}

interface Row {
  id: string
  received_at_ms: number
  occurred_at_ms: number
  name: string
  value: number | null
  unit: string | null
  tags: string
  extra: string
  bulk: string
}

const METRICS: EventTable = {
  table: 'metric',
  columns: sql`name, value, unit, coalesce(tags::text, 'null') as tags, coalesce(extra::text, 'null') as extra`,
  bulk: sql<string>`data::text`,
  besideBytes: sql`octet_length(name) + octet_length(tags) + octet_length(extra)`,
}

/** Without stale markers, NaN and infinities, which are no measurements: remote read gives those back. */
export async function listMetrics(
  database: Database,
  filter: MetricFilter,
  page: PageOptions,
): Promise<EventPage<StoredMetric>> {
  // A page without further conditions ends by itself.
  const { name, tags = [] } = filter
  if (name !== undefined || tags.length > 0)
    await requireScannable(database, 'metric', sql`${inRange(filter)} and ${fromPosition(page)}`)
  const isMeasured = sql<boolean>`(value is not null or data->'special' is null)`
  const where = sql<boolean>`${matchesMetric(filter)} and ${isMeasured}`
  const { items, more } = await readEventPage<Row>(database, METRICS, where, page)
  return { items: items.map(toMetric), more }
}

/** @param id a UUIDv7 */
export async function findMetric(database: Database, id: string): Promise<StoredMetric | undefined> {
  const row = await readEvent<Row>(database, METRICS, id, receivedAt(id))
  return row && toMetric(row)
}

export function matchesMetric({ name, tags = [], ...range }: MetricFilter) {
  const conditions = [inRange(range)]
  if (name !== undefined) conditions.push(sql`name = ${name}`)
  for (const [tag, value] of tags) conditions.push(memberEquals(sql`tags`, tag, value))
  return all(conditions)
}

function toMetric(row: Row): StoredMetric {
  return {
    id: row.id,
    receivedAtMs: row.received_at_ms,
    occurredAtMs: row.occurred_at_ms,
    name: row.name,
    value: row.value,
    unit: row.unit,
    tagsText: row.tags,
    extraText: row.extra,
    dataText: row.bulk,
  }
}
