import { sql } from 'kysely'
import type { Database } from '@runnel/repositories-database'
import { inAudience } from './audience-filter.ts'
import { toMailing } from './stored-mailing.ts'

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
 * @param secondPersonAbove recipients beyond which another person has to have approved it; 0: none has to, also where one had to before
 * @returns undefined where it is not due, waits for an approval, or another replica holds its row
 * @throws what the driver throws
 */
export async function startMailing(
  database: Database,
  mailingId: number,
  nowMs: number,
  secondPersonAbove = 0,
): Promise<StartedMailing | undefined> {
  const now = new Date(nowMs)
  const version = secondPersonAbove > 0 ? await approvedVersion(database, mailingId, secondPersonAbove) : null
  if (version === undefined) return undefined
  const { rows } = await sql<{ audience_through: number }>`
    with due as materialized (
      select id from mailing
      where id = ${mailingId} and status = 'scheduled' and deleted_at is null
        and starts_at <= ${now} and ends_at > ${now} and (${version}::integer is null or version = ${version})
      for no key update skip locked
    )
    update mailing set status = 'running', started_at = ${now}, updated_at = ${now},
      audience_through = (select coalesce(max(id), 0) from client),
      approval_wanted = case when ${secondPersonAbove > 0} then approval_wanted end
    where id in (select id from due) returning audience_through`.execute(database.kysely)
  return rows[0] && { audienceThrough: rows[0].audience_through }
}

/**
 * @returns the version that may start; undefined where it waits for an approval, which is noted, so that it is counted once. Clients that
 * come between this count and the start are not in it
 */
async function approvedVersion(
  { kysely }: Database,
  mailingId: number,
  above: number,
): Promise<number | undefined> {
  const row = await kysely.selectFrom('mailing').selectAll().where('id', '=', mailingId).executeTakeFirst()
  if (!row) return undefined
  const isApproved = row.approved_version === row.version
  if (row.approval_wanted === row.version) return isApproved ? row.version : undefined
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count
    from (select from client c where ${inAudience(toMailing(row))} limit ${above + 1}) recipient`.execute(
    kysely,
  )
  const reachesMany = (rows[0]?.count ?? 0) > above
  // Noted also where it is approved already: what is edited later needs another approval. And no longer of what has become smaller.
  const wanted = reachesMany ? row.version : null
  if (wanted !== row.approval_wanted) {
    await kysely
      .updateTable('mailing')
      .set({ approval_wanted: wanted })
      .where('id', '=', mailingId)
      .where('version', '=', row.version)
      .where('status', '=', 'scheduled')
      .execute()
  }
  return isApproved || !reachesMany ? row.version : undefined
}
