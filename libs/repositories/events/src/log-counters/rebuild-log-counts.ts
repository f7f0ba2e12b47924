import { ms, type Database } from '@runnel/repositories-database'
import { sql } from 'kysely'
import { stepOf } from '../reads/event-filter.ts'
import { levelOf } from '../reads/level-sql.ts'
import { timestamp } from '../writes/store-events.ts'
import { waitForCounterLock } from './counter-lock.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

/** What is known of the counts of a day. */
export interface CountedDay {
  /** Its midnight, in milliseconds since 1970. */
  readonly dayMs: number
  /** Every entry that was received on it is counted. */
  readonly holds: boolean
}

/** Days that have entries or are about to, in order. */
export async function listCountedDays({ kysely }: Database): Promise<CountedDay[]> {
  const { rows } = await sql<{ day_ms: number; holds: boolean }>`
    select ${ms('received_at')} as day_ms, holds from log_counted_day order by 1`.execute(kysely)
  return rows.map(({ day_ms, holds }) => ({ dayMs: day_ms, holds }))
}

/**
 * Counts the entries of a day anew; batches may be stored meanwhile. One statement removes the counts and adds new ones: in its snapshot the
 * entries and the counts of a batch are either both or neither, and those of later batches stay.
 *
 * The partitions of the day have to exist.
 *
 * @returns entries of the day
 */
export async function rebuildLogCounts({ kysely }: Database, dayMs: number): Promise<number> {
  const day = sql`${timestamp(dayMs)}::timestamptz`
  return kysely.transaction().execute(async (trx) => {
    await waitForCounterLock(trx)
    const { rows } = await sql<{ entries: number }>`
      with folded as (delete from log_minute where received_at = ${day}),
        appended as (delete from log_minute_delta where received_at = ${day}),
        written as materialized (
          select ${stepOf(MINUTE_MS)} as minute, level, service, count(*) as entries from log
          where received_at >= ${day} and received_at < ${timestamp(dayMs + DAY_MS)}::timestamptz
          group by 1, 2, 3
        ),
        counted as (
          insert into log_minute_delta (received_at, minute, level, service, entries)
          select ${day}, minute, case when level is not null then ${levelOf(sql`level`)} end, service, sum(entries)
          from written group by 2, 3, 4 returning entries
        )
      select coalesce(sum(entries), 0)::float8 as entries from counted`.execute(trx)
    await sql`
      insert into log_counted_day (received_at, holds) values (${day}, true)
      on conflict (received_at) do update set holds = true, services = '{}', levels = '{}',
        other_services = false, other_levels = false, checked_at = null`.execute(trx)
    return rows[0]!.entries
  })
}
