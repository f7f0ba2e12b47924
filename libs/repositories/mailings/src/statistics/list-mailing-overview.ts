import type { MailingStatus, MessageStatus } from '@runnel/contracts'
import { sql } from 'kysely'
import {
  all,
  type Database,
  type PageLimits,
  readSizedSnapshot,
  requireScannable,
  type SizedPage,
  type Snapshot,
} from '@runnel/repositories-database'
import { nameContains } from '../mailings/name-contains.ts'
import { MAILING_HEAD, type MailingHead, type MailingHeadRow, toMailingHead } from './mailing-head.ts'
import { type StatusCounts, toStatusCounts, totalOf } from './status-counts.ts'

/** A mailing with how far it is. */
export interface MailingSummary extends MailingHead {
  /** Messages so far. */
  readonly total: number
  readonly counts: StatusCounts
}

export interface OverviewOptions {
  readonly limits: PageLimits
  /** Mailings with smaller ids. */
  readonly beforeId?: number | undefined
  /** Only those that have it. */
  readonly status?: MailingStatus | undefined
  /** Part of the name, in any case. */
  readonly name?: string | undefined
  /** Whether deleted ones are listed too. */
  readonly deleted?: boolean | undefined
}

interface Row extends MailingHeadRow {
  counts: { status: MessageStatus; count: number }[]
}

/**
 * Mailings with their counts, the newest first, tests left out: one statement, and so one moment.
 *
 * @throws AppError query_too_slow
 */
export async function listMailingOverview(
  database: Database,
  { limits, beforeId = Number.MAX_SAFE_INTEGER, status, name, deleted = false }: OverviewOptions,
): Promise<Snapshot<SizedPage<MailingSummary>>> {
  const conditions = [sql<boolean>`id < ${beforeId}`, sql<boolean>`test_of is null`]
  if (!deleted) conditions.push(sql`deleted_at is null`)
  if (status !== undefined) conditions.push(sql`status = ${status}`)
  if (name !== undefined) conditions.push(nameContains(name))
  const listed = sql`from mailing where ${all(conditions)} order by id desc limit ${limits.items + 1}`
  await requireScannable(database, 'mailing_stat', sql`mailing_id in (select id ${listed})`)
  const rows = sql`(
    select m.*, (
      select coalesce(json_agg(s), '[]') from (
        select status, sum(count)::float8 as count from mailing_stat where mailing_id = m.id group by status
      ) s
    ) as counts
    from (select ${MAILING_HEAD} ${listed}) m)`
  const { asOfMs, value } = await readSizedSnapshot<Row>(database, { rows, order: sql`id desc` }, limits)
  return { asOfMs, value: { ...value, items: value.items.map(toSummary) } }
}

function toSummary(row: Row): MailingSummary {
  const counts = toStatusCounts(row.counts)
  return { ...toMailingHead(row), total: totalOf(counts), counts }
}
