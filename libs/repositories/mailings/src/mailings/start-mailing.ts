import { sql } from 'kysely'
import type { Database } from '@runnel/repositories-database'

export interface StartedMailing {
  /** The greatest client id: clients up to it are the audience. */
  readonly audienceThrough: number
}

/**
 * Starts a mailing that is due. It waits for no transaction that writes clients, and none waits for it. Every client that was
 * committed before the start has an id up to `audience_through`, and is committed when its block is made: none of them is
 * missed. A client whose transaction is open at the start was not created before it; it gets a message if it is committed
 * before its block is made, and at most one in any case.
 *
 * @param nowMs time of the start, milliseconds since 1970
 * @returns undefined where it is not due, or another replica holds its row
 * @throws what the driver throws
 */
export async function startMailing(
  { kysely }: Database,
  mailingId: number,
  nowMs: number,
): Promise<StartedMailing | undefined> {
  const now = new Date(nowMs)
  const { rows } = await sql<{ audience_through: number }>`
    with due as materialized (
      select id from mailing
      where id = ${mailingId} and status = 'scheduled' and deleted_at is null
        and starts_at <= ${now} and ends_at > ${now}
      for no key update skip locked
    )
    update mailing set status = 'running', started_at = ${now}, updated_at = ${now},
      audience_through = (select coalesce(max(id), 0) from client)
    where id in (select id from due) returning audience_through`.execute(kysely)
  return rows[0] && { audienceThrough: rows[0].audience_through }
}
