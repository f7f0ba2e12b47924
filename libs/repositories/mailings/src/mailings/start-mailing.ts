import { sql } from 'kysely'
import type { Database } from '@runnel/repositories-database'

/**
 * How long a start waits for transactions that are writing clients. It is longer than the second after which the server
 * calls off its own vacuum for the sake of a transaction that waits; new writers queue behind the start meanwhile.
 */
const LOCK_TIMEOUT_MS = 2500

export interface StartedMailing {
  /** The greatest client id: clients up to it are the audience. */
  readonly audienceThrough: number
}

/**
 * Starts a mailing that is due. The share lock waits for every transaction that has inserted a client and is not
 * committed, so that the clients with ids up to `audience_through` are exactly those created before the start: none can
 * appear below it later, and none has to be looked for.
 *
 * @param nowMs time of the start, milliseconds since 1970
 * @returns undefined where it is not due, or another replica holds its row
 * @throws what the driver throws; a lock that was not to be had is trouble that passes
 */
export async function startMailing(
  { kysely }: Database,
  mailingId: number,
  nowMs: number,
): Promise<StartedMailing | undefined> {
  const now = new Date(nowMs)
  return kysely.transaction().execute(async (trx) => {
    const { rows: due } = await sql`
      select id from mailing
      where id = ${mailingId} and status = 'scheduled' and deleted_at is null
        and starts_at <= ${now} and ends_at > ${now}
      for no key update skip locked`.execute(trx)
    if (due.length === 0) return undefined
    await sql`set local lock_timeout = ${sql.lit(LOCK_TIMEOUT_MS)}`.execute(trx)
    await sql`lock table client in share mode`.execute(trx)
    // A statement of its own, after the lock: it sees everything that the lock has waited for.
    const { rows } = await sql<{ audience_through: number }>`
      update mailing set status = 'running', started_at = ${now}, updated_at = ${now},
        audience_through = (select coalesce(max(id), 0) from client)
      where id = ${mailingId} returning audience_through`.execute(trx)
    return rows[0] && { audienceThrough: rows[0].audience_through }
  })
}
