import type { Database } from '@runnel/repositories-database'
import { appendLogCounts } from '../log-counters/append-log-counts.ts'
import type { LogRow, StoreResult } from './event-rows.ts'
import { insertRecords } from './insert-records.ts'
import type { ReplayedLetter } from './replayed-letters.ts'
import { receivedAt, storeEvents, timestamp } from './store-events.ts'

/**
 * Stores a batch of log entries, and counts those that are new in the same transaction, so that a redelivery counts nothing twice; see
 * {@link storeEvents}.
 */
export function storeLogs(
  database: Database,
  rows: readonly LogRow[],
  replayed: readonly ReplayedLetter[],
): Promise<StoreResult> {
  return storeEvents(database, {
    kind: 'logs',
    rows,
    replayed,
    insert: async (trx, kept, mode) => {
      const inserted = await insertRecords(trx, LOG, kept, mode)
      const fresh = mode === 'copy' ? kept : kept.filter(({ id }) => inserted.has(id))
      await appendLogCounts(trx, fresh, mode)
      return inserted.size
    },
  })
}

const COLUMNS = {
  id: 'uuid',
  received_at: 'timestamptz',
  occurred_at: 'timestamptz',
  level: 'text',
  service: 'text',
  message: 'text',
  time_unread: 'boolean',
  trace_id: 'uuid',
  data: 'jsonb',
}

function toRecord({ id, occurredAtMs, level, service, message, timeUnread, traceId, data }: LogRow) {
  return {
    id,
    received_at: receivedAt(id),
    occurred_at: timestamp(occurredAtMs),
    level,
    service,
    message,
    time_unread: timeUnread === true ? true : null,
    trace_id: traceId ?? null,
    data,
  }
}

const LOG = { name: 'log', columns: COLUMNS, toRecord } as const
