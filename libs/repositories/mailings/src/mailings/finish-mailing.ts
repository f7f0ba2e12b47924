import { sql, type RawBuilder, type Transaction } from 'kysely'
import type { Database } from '@runnel/repositories-database'
import type { Schema } from '@runnel/repositories-database'

/** A condition on `mailing m`: none of its messages is open. */
export const nothingIsOpen = sql<boolean>`(
  not exists (select from send_chunk c where c.mailing_id = m.id and c.closed_at is null)
  and not exists (select from retry r where r.mailing_id = m.id))`

/**
 * Completes a mailing all of whose messages are made and at rest.
 *
 * @param nowMs milliseconds since 1970
 * @returns whether it was completed here
 */
export function completeMailing(database: Database, mailingId: number, nowMs: number): Promise<boolean> {
  return finish(database, mailingId, {
    condition: sql`m.status in ('running', 'paused') and m.materialised_at is not null
      and m.reopen_after is null and m.deleted_at is null`,
    change: sql`status = 'completed', finished_at = ${new Date(nowMs)}, updated_at = ${new Date(nowMs)},`,
    nowMs,
  })
}

/**
 * Marks a mailing that has expired or was cancelled as settled, once none of its messages is open.
 *
 * @param nowMs milliseconds since 1970
 * @returns whether it was marked here
 */
export function finishSettling(database: Database, mailingId: number, nowMs: number): Promise<boolean> {
  return finish(database, mailingId, {
    condition: sql`m.status in ('expired', 'cancelled')`,
    change: sql``,
    nowMs,
  })
}

interface Finish {
  readonly condition: RawBuilder<unknown>
  /** Assignments, each with a comma behind it. */
  readonly change: RawBuilder<unknown>
  readonly nowMs: number
}

/**
 * The row is locked first, and what is open is looked for in a statement of its own: transactions that make messages
 * open, or have failed ones tried again, hold the same lock, and are seen here or see the end. Without the lock, 292 of
 * 300 mailings whose last results came at the same moment were not completed.
 */
function finish(
  { kysely }: Database,
  mailingId: number,
  { condition, change, nowMs }: Finish,
): Promise<boolean> {
  return kysely.transaction().execute(async (trx: Transaction<Schema>) => {
    const { rows: locked } = await sql`
      select m.id from mailing m where m.id = ${mailingId} and m.settled_at is null and ${condition}
      for no key update`.execute(trx)
    if (locked.length === 0) return false
    const { numAffectedRows } = await sql`
      update mailing m set ${change} settled_at = ${new Date(nowMs)}
      where m.id = ${mailingId} and ${nothingIsOpen}`.execute(trx)
    return Number(numAffectedRows ?? 0) > 0
  })
}
