import { sql } from 'kysely'
import type { Database } from '../database.ts'
import type { MetricRow, StoreResult } from './event-rows.ts'
import { receivedAt, storeEvents, timestamp } from './store-events.ts'

/** Stores a batch of metrics; see {@link storeEvents}. */
export function storeMetrics(
  database: Database,
  rows: readonly MetricRow[],
  replayedIds: readonly string[],
): Promise<StoreResult> {
  return storeEvents(database, {
    kind: 'metrics',
    rows,
    replayedIds,
    insert: async (trx, kept) => {
      const json = JSON.stringify(kept.map(toRecord))
      const { numAffectedRows } = await sql`
        insert into metric (id, received_at, occurred_at, name, value, unit, tags, data, extra)
        select id, received_at, occurred_at, name, value, unit, tags, data, extra
        from json_to_recordset(${json}::json) as r(id uuid, received_at timestamptz, occurred_at timestamptz,
          name text, value double precision, unit text, tags jsonb, data jsonb, extra jsonb)
        on conflict (id, received_at) do nothing`.execute(trx)
      return Number(numAffectedRows ?? 0)
    },
  })
}

function toRecord(row: MetricRow) {
  return {
    id: row.id,
    received_at: receivedAt(row.id),
    occurred_at: timestamp(row.occurredAtMs),
    name: row.name,
    value: row.value,
    unit: row.unit,
    tags: row.tags,
    data: row.data,
    extra: row.extra,
  }
}
