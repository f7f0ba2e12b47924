import { sql } from 'kysely'
import type { Database } from '../database.ts'
import type { LogRow, StoreResult } from './event-rows.ts'
import { receivedAt, storeEvents, timestamp } from './store-events.ts'

/** Stores a batch of log entries; see {@link storeEvents}. */
export function storeLogs(
  database: Database,
  rows: readonly LogRow[],
  replayedIds: readonly string[],
): Promise<StoreResult> {
  return storeEvents(database, {
    kind: 'logs',
    rows,
    replayedIds,
    insert: async (trx, kept) => {
      const json = JSON.stringify(kept.map(toRecord))
      const { numAffectedRows } = await sql`
        insert into log (id, received_at, occurred_at, level, service, message, data)
        select id, received_at, occurred_at, level, service, message, data
        from json_to_recordset(${json}::json) as r(id uuid, received_at timestamptz, occurred_at timestamptz,
          level text, service text, message text, data jsonb)
        on conflict (id, received_at) do nothing`.execute(trx)
      return Number(numAffectedRows ?? 0)
    },
  })
}

function toRecord(row: LogRow) {
  return {
    id: row.id,
    received_at: receivedAt(row.id),
    occurred_at: timestamp(row.occurredAtMs),
    level: row.level,
    service: row.service,
    message: row.message,
    data: row.data,
  }
}
