import type { MailingStatus, MessageStatus } from '@runnel/contracts'
import { sql } from 'kysely'
import type { Database } from '@runnel/repositories-database'
import { MAILING_HEAD, type MailingHead, type MailingHeadRow, toMailingHead } from './mailing-head.ts'
import { requireScannable } from '@runnel/repositories-database'
import { AS_OF, type Snapshot } from '@runnel/repositories-database'
import { type StatusCounts, toStatusCounts, totalOf } from './status-counts.ts'

/** A mailing with how far it is. */
export interface MailingSummary extends MailingHead {
  /** Messages so far. */
  readonly total: number
  readonly counts: StatusCounts
}

export interface OverviewOptions {
  readonly limit: number
  /** Mailings with smaller ids. */
  readonly beforeId?: number | undefined
  /** Only those that have it. */
  readonly status?: MailingStatus | undefined
}

interface Row extends MailingHeadRow {
  as_of_ms: number
  counts: { status: MessageStatus; count: number }[]
}

/**
 * Mailings with their counts, the newest first, deleted ones left out: one statement, and so one moment.
 *
 * @throws AppError query_too_slow
 */
export async function listMailingOverview(
  database: Database,
  { limit, beforeId = Number.MAX_SAFE_INTEGER, status }: OverviewOptions,
): Promise<Snapshot<MailingSummary[]>> {
  const asked = status === undefined ? sql`` : sql`and status = ${status}`
  const listed = sql`from mailing where deleted_at is null and id < ${beforeId} ${asked} order by id desc limit ${limit}`
  await requireScannable(database, 'mailing_stat', sql`mailing_id in (select id ${listed})`)
  const { rows } = await sql<Row>`
    select ${AS_OF} as as_of_ms, m.*, (
      select coalesce(json_agg(s), '[]') from (
        select status, sum(count)::float8 as count from mailing_stat where mailing_id = m.id group by status
      ) s
    ) as counts
    from (values (1)) one left join (
      select ${MAILING_HEAD} ${listed}
    ) m on true order by id desc`.execute(database.kysely)
  return { asOfMs: rows[0]!.as_of_ms, value: rows[0]!.id === null ? [] : rows.map(toSummary) }
}

function toSummary(row: Row): MailingSummary {
  const counts = toStatusCounts(row.counts)
  return { ...toMailingHead(row), total: totalOf(counts), counts }
}
