import { OPEN_MESSAGE_STATUSES, type MessageStatus } from '@runnel/contracts'
import { sql, type RawBuilder } from 'kysely'
import type { Database } from '@runnel/repositories-database'
import { ms } from '@runnel/repositories-database'
import { MAILING_HEAD, type MailingHead, type MailingHeadRow, toMailingHead } from './mailing-head.ts'
import { estimateFinishMs, RATE_MINUTES, rateOf } from './mailing-rate.ts'
import { AS_OF, type Snapshot } from '@runnel/repositories-database'
import {
  type CountGroup,
  type CountGroups,
  type CountRow,
  type StatusCounts,
  toCountGroups,
  toStatusCounts,
  totalOf,
} from './status-counts.ts'

/** Operators, and tags, that are counted one by one; the others are added up. */
const MAX_GROUPS = 100

/** Hours that are counted one by one: six weeks of them. */
const MAX_HOURS = 1000

export interface MailingStatistics extends MailingHead {
  /** Messages so far. */
  readonly total: number
  readonly counts: StatusCounts
  /** The largest first. */
  readonly operators: CountGroups<string>
  /** The largest first. */
  readonly tags: CountGroups<string>
  /**
   * Messages that are not to be sent any more, by the hour of their last transition: its start in milliseconds since
   * 1970, the earliest first. The rest are those of earlier hours.
   */
  readonly hours: CountGroups<number>
  /** Sent in the last full minutes; null where that is not known yet. */
  readonly ratePerSecond: number | null
  /** In milliseconds since 1970, windows not considered; null where that is not known. */
  readonly estimatedFinishMs: number | null
}

interface Row extends MailingHeadRow {
  as_of_ms: number
  statuses: { status: MessageStatus; count: number }[]
  operators: CountRow<string>[]
  tags: CountRow<string>[]
  hours: CountRow<number>[]
  lately_sent: number
}

/**
 * All numbers come from one statement, and so from one moment. The slots of a cell are added up first: everything else
 * is made of these few rows.
 *
 * @returns undefined as value for a mailing that does not exist; those of a deleted one stay
 */
export async function readMailingStatistics(
  { kysely }: Database,
  mailingId: number,
): Promise<Snapshot<MailingStatistics | undefined>> {
  const { rows } = await sql<Row>`
    with chosen as materialized (
      select ${MAILING_HEAD} from mailing where id = ${mailingId}
    ), per_cell as materialized (
      select operator_code, tag, status, count from (
        select cell, status, sum(count)::float8 as count from mailing_stat
        where mailing_id = (select id from chosen) group by cell, status
      ) s join mailing_cell c on c.mailing_id = ${mailingId} and c.id = s.cell
    ), per_hour as materialized (
      select ${ms('at')} as at_ms, status, sum(count)::float8 as count from mailing_tally
      where mailing_id = (select id from chosen) and unit = 'hour' group by at, status having sum(count) <> 0
    )
    select ${AS_OF} as as_of_ms, chosen.*,
      (select coalesce(json_agg(s), '[]') from (
        select status, sum(count) as count from per_cell group by status
      ) s) as statuses,
      ${greatest('per_cell', 'operator_code', sql`sum(count) desc, operator_code`, MAX_GROUPS)} as operators,
      ${greatest('per_cell', 'tag', sql`sum(count) desc, tag`, MAX_GROUPS)} as tags,
      ${greatest('per_hour', 'at_ms', sql`at_ms desc`, MAX_HOURS)} as hours,
      (select coalesce(sum(count), 0)::float8 from mailing_tally
        where mailing_id = (select id from chosen) and unit = 'minute' and status = 'sent'
          and at >= date_trunc('minute', now(), 'UTC') - ${RATE_MINUTES} * interval '1 minute'
          and at < date_trunc('minute', now(), 'UTC')) as lately_sent
    from (values (1)) one left join chosen on true`.execute(kysely)
  const row = rows[0]!
  return { asOfMs: row.as_of_ms, value: row.id === null ? undefined : toStatistics(row) }
}

/** Counts by a column and status as JSON; what comes after the first `max` groups has the key null. */
function greatest(
  source: 'per_cell' | 'per_hour',
  column: string,
  order: RawBuilder<unknown>,
  max: number,
): RawBuilder<unknown> {
  const [table, key] = [sql.table(source), sql.ref(column)]
  return sql`(select coalesce(json_agg(g), '[]') from (
    select case when place <= ${max} then ${key} end as key, status, sum(count) as count
    from ${table} join (
      select ${key}, row_number() over (order by ${order}) as place from ${table} group by ${key}
    ) places using (${key})
    group by 1, 2 having sum(count) <> 0
  ) g)`
}

function toStatistics(row: Row): MailingStatistics {
  const head = toMailingHead(row)
  const counts = toStatusCounts(row.statuses)
  const remaining = OPEN_MESSAGE_STATUSES.reduce((sum, status) => sum + counts[status], 0)
  const ratePerSecond = rateOf(row.lately_sent, head.startedAtMs, row.as_of_ms)
  return {
    ...head,
    total: totalOf(counts),
    counts,
    operators: toCountGroups(row.operators, largestFirst),
    tags: toCountGroups(row.tags, largestFirst),
    hours: toCountGroups(row.hours, (a, b) => a.key - b.key),
    ratePerSecond,
    estimatedFinishMs: estimateFinishMs({ ...head, remaining, ratePerSecond }, row.as_of_ms),
  }
}

function largestFirst(a: CountGroup<string>, b: CountGroup<string>): number {
  return b.total - a.total || (a.key < b.key ? -1 : 1)
}
