import type { Database } from '@runnel/repositories-database'
import { countOperations } from './count-operations.ts'
import type { SpanRow, StoreResult } from './event-rows.ts'
import { insertRecords } from './insert-records.ts'
import { openEdges } from './open-edges.ts'
import type { ReplayedLetter } from './replayed-letters.ts'
import { receivedAt, storeEvents, timestamp } from './store-events.ts'

/**
 * Stores a batch of spans, and counts those that are new in the same transaction, so that a redelivery counts nothing twice; see
 * {@link storeEvents}.
 */
export function storeSpans(
  database: Database,
  rows: readonly SpanRow[],
  replayed: readonly ReplayedLetter[],
): Promise<StoreResult> {
  return storeEvents(database, {
    kind: 'traces',
    rows,
    replayed,
    insert: async (trx, kept, mode) => {
      const inserted = await insertRecords(trx, SPAN, kept, mode)
      const fresh = kept.filter(({ id }) => inserted.has(id))
      await countOperations(trx, fresh)
      await openEdges(trx, fresh)
      return inserted.size
    },
  })
}

const COLUMNS = {
  id: 'uuid',
  received_at: 'timestamptz',
  started_at: 'timestamptz',
  duration_ns: 'bigint',
  trace_id: 'uuid',
  span_id: 'text',
  parent_span_id: 'text',
  service: 'text',
  name: 'text',
  kind: 'text',
  status: 'text',
  data: 'jsonb',
}

function toRecord(row: SpanRow) {
  const { id, durationNs, traceId, spanId, parentSpanId, service, name, kind, status, data } = row
  return {
    id,
    received_at: receivedAt(id),
    started_at: microseconds(row),
    duration_ns: durationNs,
    trace_id: traceId,
    span_id: spanId,
    parent_span_id: parentSpanId,
    ...{ service, name, kind, status, data },
  }
}

/** What PostgreSQL keeps of a time. */
function microseconds({ startedAtMs, startedAtNs }: SpanRow): string {
  const digits = String(Math.floor(startedAtNs / 1000)).padStart(3, '0')
  return `${timestamp(startedAtMs).slice(0, -1)}${digits}Z`
}

const SPAN = { name: 'span', columns: COLUMNS, toRecord } as const
