import { eventTimeMs, type SpanKind } from '@runnel/contracts'
import { sql, type Transaction } from 'kysely'
import { dayOf, type Schema } from '@runnel/repositories-database'
import { minuteOf } from './count-minutes.ts'
import type { SpanRow } from './event-rows.ts'
import { timestamp } from './store-events.ts'

/** Kinds of spans whose parent may be of another service; that of an internal span or of a client is its own. */
const CALLED: ReadonlySet<SpanKind> = new Set(['server', 'consumer', 'unspecified'])

/**
 * Notes the calls that spans are the called side of, for {@link joinEdges} to find their callers. A call has one called
 * side, so that each counts once, whatever comes first.
 *
 * @param rows that are new
 */
export async function openEdges(trx: Transaction<Schema>, rows: readonly SpanRow[]): Promise<void> {
  const services = new Map(rows.map((row) => [nameOf(row, row.spanId), row.service]))
  const called = rows.filter(
    (row) =>
      row.parentSpanId !== null &&
      CALLED.has(row.kind) &&
      services.get(nameOf(row, row.parentSpanId)) !== row.service,
  )
  if (called.length === 0) return
  const records = called.map(({ id, traceId, parentSpanId, service, startedAtMs, durationNs, status }) => ({
    trace_id: traceId,
    parent_span_id: parentSpanId,
    callee: service,
    received_at: timestamp(dayOf(eventTimeMs(id))),
    minute: timestamp(minuteOf(startedAtMs)),
    duration_ns: durationNs,
    is_error: status === 'error',
  }))
  await sql`
    insert into open_edge (trace_id, parent_span_id, callee, received_at, minute, duration_ns, is_error)
    select * from json_to_recordset(${JSON.stringify(records)}::json) as r(trace_id uuid, parent_span_id text,
      callee text, received_at timestamptz, minute timestamptz, duration_ns bigint, is_error boolean)`.execute(
    trx,
  )
}

function nameOf({ traceId }: SpanRow, spanId: string): string {
  return traceId + spanId
}
