import { eventTimeMs } from '@runnel/contracts'
import { sql, type Transaction } from 'kysely'
import type { Schema } from '@runnel/repositories-database'
import { countMinutes } from './count-minutes.ts'
import type { SpanRow } from './event-rows.ts'
import { upsertMinutes, type MinuteTable } from './upsert-minutes.ts'

/** Transactions at the same time mostly have slots of their own, so that none waits for another's commit. */
const SLOTS = 8

const OPERATIONS: MinuteTable = {
  table: 'operation_minute',
  names: ['service', 'operation', 'kind'],
  counted: 'spans',
  slot: sql`pg_backend_pid() % ${sql.lit(SLOTS)}`,
}

/**
 * Adds spans to the minutes of their operations.
 *
 * @param rows that are new
 */
export async function countOperations(trx: Transaction<Schema>, rows: readonly SpanRow[]): Promise<void> {
  const timed = rows.map(({ id, startedAtMs, durationNs, status, service, name, kind }) => ({
    receivedAtMs: eventTimeMs(id),
    isError: status === 'error',
    ...{ startedAtMs, durationNs, service, name, kind },
  }))
  const counts = countMinutes(timed, ({ service, name, kind }) => ({ service, operation: name, kind }))
  await upsertMinutes(trx, OPERATIONS, counts)
}
