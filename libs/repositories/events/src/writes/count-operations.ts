import { eventTimeMs } from '@runnel/contracts'
import { sql, type Transaction } from 'kysely'
import type { Schema } from '@runnel/repositories-database'
import { countMinutes } from './count-minutes.ts'
import type { SpanRow } from './event-rows.ts'

/** Transactions at the same time mostly have slots of their own, so that none waits for another's commit. */
const SLOTS = 8

/**
 * Adds spans to the minutes of their operations. Rows are taken in order: two batches with the same ones would deadlock
 * otherwise.
 *
 * @param rows that are new
 */
export async function countOperations(trx: Transaction<Schema>, rows: readonly SpanRow[]): Promise<void> {
  if (rows.length === 0) return
  const timed = rows.map(({ id, startedAtMs, durationNs, status, service, name, kind }) => ({
    receivedAtMs: eventTimeMs(id),
    isError: status === 'error',
    ...{ startedAtMs, durationNs, service, name, kind },
  }))
  const counts = countMinutes(timed, ({ service, name, kind }) => ({ service, operation: name, kind }))
  await sql`
    insert into operation_minute as m
      (received_at, minute, service, operation, kind, slot, spans, errors, duration_ns, durations)
    select received_at, minute, service, operation, kind, pg_backend_pid() % ${sql.lit(SLOTS)},
      count, errors, duration_ns, durations
    from json_to_recordset(${JSON.stringify(counts)}::json) as r(received_at timestamptz, minute timestamptz,
      service text, operation text, kind text, count bigint, errors bigint, duration_ns double precision, durations bigint[])
    order by minute, service, operation, kind, received_at
    on conflict (minute, service, operation, kind, slot, received_at) do update set
      spans = m.spans + excluded.spans, errors = m.errors + excluded.errors,
      duration_ns = m.duration_ns + excluded.duration_ns,
      durations = array(select a + b from unnest(m.durations, excluded.durations) with ordinality as u(a, b, i) order by i)`.execute(
    trx,
  )
}
