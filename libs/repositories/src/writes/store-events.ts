import { eventTimeMs } from '@runnel/contracts'
import { sql, type Transaction } from 'kysely'
import type { Database } from '../database.ts'
import type { Schema } from '../schema.ts'
import { claimKeys } from './claim-keys.ts'
import type { EventRow, StoreResult } from './event-rows.ts'

export interface StoreOptions<R extends EventRow> {
  /** Scope of the keys. */
  readonly kind: string
  readonly rows: readonly R[]
  /** Source ids of dead letters among the rows: stored, they are dead letters no more. */
  readonly replayedIds: readonly string[]
  /** Writes the rows that keep their place, and returns how many of them are new. */
  readonly insert: (trx: Transaction<Schema>, rows: readonly R[]) => Promise<number>
}

/**
 * One batch in one transaction: keys, rows, and the dead letters that they replace. All or nothing.
 *
 * @throws what the driver throws; see classifyFailure
 */
export async function storeEvents<R extends EventRow>(
  { kysely }: Database,
  { kind, rows, replayedIds, insert }: StoreOptions<R>,
): Promise<StoreResult> {
  return kysely.transaction().execute(async (trx) => {
    const claimed = await claimKeys(trx, kind, rows)
    const stored = claimed.rows.length === 0 ? 0 : await insert(trx, claimed.rows)
    if (replayedIds.length > 0) {
      await sql`delete from dead_letter where source_id = any(${replayedIds}::uuid[])`.execute(trx)
    }
    return { stored, repeated: claimed.rows.length - stored, duplicates: claimed.duplicates }
  })
}

/** A time as Postgres reads it, from milliseconds since 1970. */
export function timestamp(ms: number): string {
  return new Date(ms).toISOString()
}

/** `received_at` of a row: always the time inside its id. */
export function receivedAt(id: string): string {
  return timestamp(eventTimeMs(id))
}
