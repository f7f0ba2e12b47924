import { sql } from 'kysely'
import type { Database } from '@runnel/repositories-database'
import { nothingIsOpen } from './finish-mailing.ts'

/** What the schedule can do for a mailing now. */
export type ScheduleTask = 'start' | 'reopen' | 'materialise' | 'refresh' | 'settle' | 'complete'

interface ScheduleWork {
  readonly mailingId: number
  readonly task: ScheduleTask
}

export interface FoundWork {
  readonly work: readonly ScheduleWork[]
  /** Whether the end of a mailing has come. */
  readonly expiring: boolean
  /** When there is something to do next: a start, an end, a window that opens or is over; milliseconds since 1970. */
  readonly nextMs: number | undefined
}

/** Mailings whose work one look finds. */
const MAX_FOUND = 500

interface FoundRow {
  id: number
  task: ScheduleTask | null
  expires: boolean
  refresh: boolean
  next_ms: number | null
}

/**
 * What there is to do, and when the next look is worth its while. It reads the mailings that are not settled, by their
 * index, and the time zones of those that run.
 *
 * @param nowMs milliseconds since 1970
 * @param needsApproval whether mailings that wait for a second person are left out
 */
export async function findScheduleWork(
  { kysely }: Database,
  nowMs: number,
  needsApproval = false,
): Promise<FoundWork> {
  const now = sql`${new Date(nowMs)}::timestamptz`
  const { rows } = await sql<FoundRow>`
    with unsettled as (
      select m.*, case
        when m.deleted_at is null and m.status = 'scheduled' and m.starts_at <= ${now} and m.ends_at > ${now}
          and (not ${needsApproval} or m.approval_wanted is distinct from m.version or m.approved_version is not distinct from m.version)
          then 'start'
        when m.status in ('expired', 'cancelled') then 'settle'
        when m.status not in ('running', 'paused') or m.ends_at <= ${now} then null
        when m.reopen_after is not null then 'reopen'
        when m.materialised_at is null then 'materialise'
        when ${nothingIsOpen} then 'complete'
      end as task,
      m.deleted_at is null and m.status in ('scheduled', 'running', 'paused') and m.ends_at <= ${now} as expires
      from mailing m where m.settled_at is null
    ), found as (
      select u.id, u.task, u.expires, coalesce(z.refresh, false) as refresh,
        case when u.deleted_at is null and u.status <> 'draft' then least(
          case when u.status = 'scheduled' and u.starts_at > ${now} then u.starts_at end,
          case when u.ends_at > ${now} then u.ends_at end,
          z.next) end as next
      from unsettled u left join lateral (
        select bool_or(open_until <= ${now}) as refresh,
          least(min(open_from) filter (where open_from > ${now}), min(open_until) filter (where open_until > ${now})) as next
        from mailing_zone where mailing_id = u.id and u.status = 'running'
      ) z on true
    )
    select id, task, expires, refresh, next_ms from (
      select *, (extract(epoch from min(next) over ()) * 1000)::float8 as next_ms,
        row_number() over (order by (task is null and not expires and not refresh), id) as n
      from found
    ) f where n = 1 or (n <= ${MAX_FOUND} and (task is not null or expires or refresh)) order by n`.execute(
    kysely,
  )
  return {
    work: rows.flatMap(({ id, task, refresh }) => [
      ...(task ? [{ mailingId: id, task }] : []),
      ...(refresh ? [{ mailingId: id, task: 'refresh' as const }] : []),
    ]),
    expiring: rows.some(({ expires }) => expires),
    nextMs: rows[0]?.next_ms ?? undefined,
  }
}
