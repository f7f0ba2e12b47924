import type { MailingStatus, MessageStatus } from '@runnel/contracts'
import { ms, type Database } from '@runnel/repositories-database'
import { sql } from 'kysely'
import { toStatusCounts, type StatusCounts } from '../statistics/status-counts.ts'

/** A time from one moment to before another, in milliseconds since 1970. */
export interface Period {
  readonly fromMs: number
  readonly untilMs: number
}

/** What happened to a mailing in a period. */
export interface HandledMailing {
  readonly id: number
  readonly name: string
  readonly status: MailingStatus
  readonly deleted: boolean
  readonly startedAtMs: number | null
  readonly finishedAtMs: number | null
  /** Messages that came to rest in the period, by what became of them. */
  readonly counts: StatusCounts
}

interface Row {
  id: number
  name: string
  status: MailingStatus
  deleted: boolean
  started_at_ms: number | null
  finished_at_ms: number | null
  counts: { status: MessageStatus; count: number }[]
  touched: boolean
}

const HOUR_MS = 3_600_000

/** Mailings that were under way in a period and are looked at, at most; the newest. */
const MAX_LOOKED_AT = 1000

/**
 * Mailings that had messages come to rest in a period, or that started or finished in it, the newest first. Where a period
 * begins or ends within an hour of UTC, as days do in Asia/Kolkata, that part is counted by minutes, as long as these are kept.
 */
export async function listHandledMailings(
  { kysely }: Database,
  { fromMs, untilMs }: Period,
): Promise<HandledMailing[]> {
  const [from, until] = [new Date(fromMs), new Date(untilMs)]
  const firstHourMs = Math.ceil(fromMs / HOUR_MS) * HOUR_MS
  const [firstHour, endOfHours] = [
    new Date(firstHourMs),
    new Date(Math.max(firstHourMs, Math.floor(untilMs / HOUR_MS) * HOUR_MS)),
  ]
  const within = (column: string) =>
    sql`coalesce(${sql.ref(column)} >= ${from} and ${sql.ref(column)} < ${until}, false)`
  const { rows } = await sql<Row>`
    select m.id, m.name, m.status, m.deleted_at is not null as deleted, ${ms('m.started_at')} as started_at_ms,
      ${ms('m.finished_at')} as finished_at_ms, counted.counts,
      ${within('m.started_at')} or ${within('m.finished_at')} as touched
    from (
      select * from mailing
      where test_of is null and started_at < ${until} and (settled_at is null or settled_at >= ${from})
      order by id desc limit ${MAX_LOOKED_AT}
    ) m cross join lateral (
      select coalesce(json_agg(t), '[]') as counts from (
        select status, sum(count)::float8 as count from mailing_tally
        where mailing_id = m.id and (
          unit = 'hour' and at >= ${firstHour} and at < ${endOfHours}
          or unit = 'minute' and at >= ${from} and at < least(${firstHour}::timestamptz, ${until}::timestamptz)
          or unit = 'minute' and at >= ${endOfHours} and at < ${until})
        group by status having sum(count) <> 0
      ) t
    ) counted
    order by m.id desc`.execute(kysely)
  return rows.filter(({ counts, touched }) => touched || counts.length > 0).map(toHandled)
}

function toHandled(row: Row): HandledMailing {
  const { started_at_ms: startedAtMs, finished_at_ms: finishedAtMs, touched: _touched, ...same } = row
  return { ...same, startedAtMs, finishedAtMs, counts: toStatusCounts(row.counts) }
}
