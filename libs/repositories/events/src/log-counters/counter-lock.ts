import { sql, type Kysely } from 'kysely'
import type { Schema } from '@runnel/repositories-database'

/** Any constant; what changes `log_minute` and the names of a day does so under it, in a transaction of its own. */
const COUNTER_LOCK = 0x4c_4f_47

/** @returns false where another process has it */
export async function tryCounterLock(trx: Kysely<Schema>): Promise<boolean> {
  const { rows } = await sql<{ locked: boolean }>`
    select pg_try_advisory_xact_lock(${COUNTER_LOCK}) as locked`.execute(trx)
  return rows[0]!.locked
}

/** Waits until no other process has it. The snapshots of later statements show what that has committed. */
export async function waitForCounterLock(trx: Kysely<Schema>): Promise<void> {
  await sql`select pg_advisory_xact_lock(${COUNTER_LOCK})`.execute(trx)
}
