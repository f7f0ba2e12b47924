import type { MessageStatus } from '@runnel/contracts'
import { sql, type Kysely } from 'kysely'
import type { Database } from '@runnel/repositories-database'
import { TALLIED } from '../messages/apply-transitions.ts'
import type { Schema } from '@runnel/repositories-database'
import { SCHEDULE_SLOT } from './schedule-slot.ts'

/** A count that is not what a COUNT over the messages says. */
export interface Mismatch {
  readonly status: MessageStatus
  /** Of the counts by cell; null of those by the hour. */
  readonly cell: number | null
  /** Of the counts by the hour. */
  readonly hour: Date | null
  /** What has to be added. */
  readonly difference: number
}

/**
 * Compares the statistics of a mailing with its messages, in one statement and hence in one snapshot: a message and its
 * counts change in the same transaction, so that they are equal at every moment. Costs a scan of the mailing's messages;
 * where no timeout would end it, a mailing that is too large is not looked at.
 */
export async function findMismatches(
  { kysely, maxScanRows = Infinity }: Database,
  mailingId: number,
): Promise<Mismatch[]> {
  const { rows } = await sql<{ message_count: number }>`
    select message_count from mailing where id = ${mailingId}`.execute(kysely)
  if ((rows[0]?.message_count ?? 0) > maxScanRows) return []
  return compare(kysely, mailingId)
}

/**
 * Compares once more and adds the differences. Two who repair take turns by the mailing's row; senders need not wait, for
 * what they add to the counts in the meantime stays added.
 *
 * @returns what was repaired
 */
export async function repairStatistics({ kysely }: Database, mailingId: number): Promise<Mismatch[]> {
  return kysely.transaction().execute(async (trx) => {
    await sql`select id from mailing where id = ${mailingId} for no key update`.execute(trx)
    const mismatches = await compare(trx, mailingId)
    const input = sql`json_to_recordset(${JSON.stringify(mismatches)}::json)
      as d(status text, cell integer, hour timestamptz, difference bigint)`
    await sql`
      insert into mailing_stat (mailing_id, cell, status, slot, count)
      select ${mailingId}::bigint, cell, status, ${SCHEDULE_SLOT}::smallint, difference from ${input}
      where hour is null order by cell, status
      on conflict (mailing_id, cell, status, slot) do update set count = mailing_stat.count + excluded.count`.execute(
      trx,
    )
    await sql`
      insert into mailing_tally (mailing_id, unit, at, status, slot, count)
      select ${mailingId}::bigint, 'hour', hour, status, ${SCHEDULE_SLOT}::smallint, difference from ${input}
      where hour is not null order by hour, status
      on conflict (mailing_id, unit, at, status, slot) do update
        set count = mailing_tally.count + excluded.count`.execute(trx)
    return mismatches
  })
}

async function compare(kysely: Kysely<Schema>, mailingId: number): Promise<Mismatch[]> {
  const { rows } = await sql<Mismatch>`
    with counted as materialized (
      select cell, status, date_trunc('hour', updated_at, 'UTC') as hour, count(*) as n
      from message where mailing_id = ${mailingId} group by 1, 2, 3
    ), differences as (
      select cell, null::timestamptz as hour, status, n from counted
      union all select cell, null, status, -count from mailing_stat where mailing_id = ${mailingId}
      union all select null, hour, status, n from counted where status = any(${TALLIED})
      union all select null, at, status, -count from mailing_tally
        where mailing_id = ${mailingId} and unit = 'hour'
    )
    select status, cell, hour, sum(n) as difference from differences
    group by 1, 2, 3 having sum(n) <> 0 order by 2, 3, 1`.execute(kysely)
  return rows
}

/** @returns mailings that are not settled and have messages */
export async function findCheckable({ kysely }: Database): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select id from mailing where settled_at is null and message_count > 0 order by id`.execute(kysely)
  return rows.map(({ id }) => id)
}
