import type { Database } from '@runnel/repositories-database'
import type { MetricRow, StoreResult } from './event-rows.ts'
import { insertRecords } from './insert-records.ts'
import type { ReplayedLetter } from './replayed-letters.ts'
import { receivedAt, storeEvents, timestamp } from './store-events.ts'

/** Stores a batch of metrics; see {@link storeEvents}. */
export function storeMetrics(
  database: Database,
  rows: readonly MetricRow[],
  replayed: readonly ReplayedLetter[],
): Promise<StoreResult> {
  return storeEvents(database, {
    kind: 'metrics',
    rows,
    replayed,
    insert: async (trx, kept, mode) => (await insertRecords(trx, METRIC, kept, mode)).size,
  })
}

const COLUMNS = {
  id: 'uuid',
  received_at: 'timestamptz',
  occurred_at: 'timestamptz',
  name: 'text',
  value: 'double precision',
  unit: 'text',
  tags: 'jsonb',
  data: 'jsonb',
  extra: 'jsonb',
}

function toRecord({ id, occurredAtMs, name, value, unit, tags, data, extra }: MetricRow) {
  const times = { received_at: receivedAt(id), occurred_at: timestamp(occurredAtMs) }
  return { id, ...times, name, value, unit, tags, data, extra }
}

const METRIC = { name: 'metric', columns: COLUMNS, toRecord } as const
