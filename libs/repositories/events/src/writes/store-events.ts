import { eventTimeMs, type Kind } from '@runnel/contracts'
import { sql, type Transaction } from 'kysely'
import { isUniqueViolation } from '@runnel/repositories-database'
import type { Database } from '@runnel/repositories-database'
import type { Schema } from '@runnel/repositories-database'
import { claimKeys } from './claim-keys.ts'
import type { EventRow, StoreResult } from './event-rows.ts'
import { findReplayedLetters, removeLetters, type ReplayedLetter } from './replayed-letters.ts'
import type { WriteMode } from './insert-records.ts'

export interface StoreOptions<R extends EventRow> {
  /** Scope of the keys. */
  readonly kind: Kind
  readonly rows: readonly R[]
  /** Dead letters among the rows: stored, they are dead letters no more. */
  readonly replayed: readonly ReplayedLetter[]
  /** Writes the rows that keep their place, in mode `insert` each id once, and returns how many of them are new. */
  readonly insert: (trx: Transaction<Schema>, rows: readonly R[], mode: WriteMode) => Promise<number>
}

/**
 * One batch in one transaction: keys, rows, and the dead letters that they replace. All or nothing.
 *
 * The first attempt takes all rows for new ones. Where that turns out wrong, because the broker delivered some again, it is
 * rolled back, and the second one leaves those alone.
 *
 * @throws what the driver throws; see classifyFailure
 */
export async function storeEvents<R extends EventRow>(
  database: Database,
  options: StoreOptions<R>,
): Promise<StoreResult> {
  if (!database.canCopy) return attempt(database, options, 'insert')
  try {
    return await attempt(database, options, 'copy')
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    return attempt(database, options, 'insert')
  }
}

function attempt<R extends EventRow>(
  { kysely, canCopy }: Database,
  { kind, rows, replayed, insert }: StoreOptions<R>,
  mode: WriteMode,
): Promise<StoreResult> {
  return kysely.transaction().execute(async (trx) => {
    const { letters, taken } = await findReplayedLetters(trx, kind, replayed)
    // A copy fails where one is there twice.
    const distinct = mode === 'copy' ? rows : firstOfEachId(rows)
    const free = taken.size === 0 ? distinct : distinct.filter(({ id }) => !taken.has(id))
    const claimed = await claimKeys(trx, kind, free)
    const stored = claimed.rows.length === 0 ? 0 : await insert(trx, claimed.rows, mode)
    const { duplicates, reused } = claimed
    const refused = new Set([...taken, ...reused.map(({ id }) => id)])
    await removeLetters(
      trx,
      letters.filter(({ rowId }) => !refused.has(rowId)),
    )
    if (stored === 0 && canCopy) await waitForStandby(trx)
    const repeated = rows.length - distinct.length + claimed.rows.length - stored
    return { stored, repeated, duplicates, reused, taken: [...taken] }
  })
}

/**
 * Makes the commit of a transaction that has written nothing wait for a synchronous standby. What it found there may have been committed
 * on the primary alone, by one whose wait was cut off: acknowledged, it would be lost with the primary.
 */
async function waitForStandby(trx: Transaction<Schema>): Promise<void> {
  await sql`select pg_logical_emit_message(true, 'runnel', '')`.execute(trx)
}

/** The broker may deliver an event again into the batch that has it already. */
function firstOfEachId<R extends EventRow>(rows: readonly R[]): readonly R[] {
  const ids = new Set<string>()
  return rows.filter(({ id }) => ids.size < ids.add(id).size)
}

let lastMs = NaN
let lastText = ''

/**
 * A time as Postgres reads it, from milliseconds since 1970. Events of a batch share their milliseconds: remembering the
 * last one halves the cost, which is a tenth of all that the consumer does.
 */
export function timestamp(ms: number): string {
  if (ms !== lastMs) {
    lastText = new Date(ms).toISOString()
    lastMs = ms
  }
  return lastText
}

/** `received_at` of a row: always the time inside its id. */
export function receivedAt(id: string): string {
  return timestamp(eventTimeMs(id))
}
