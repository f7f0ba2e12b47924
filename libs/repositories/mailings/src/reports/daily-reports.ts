import {
  readKeptFromMs,
  readSizedPage,
  type Database,
  type PageLimits,
  type SizedPage,
} from '@runnel/repositories-database'
import { sql } from 'kysely'
import { addNotifications, type NewNotification } from '../notifications/add-notifications.ts'

/** The report of a day, or the note that there was nothing to report. */
export interface StoredReport {
  /** YYYY-MM-DD */
  readonly day: string
  readonly facts: unknown
  readonly skipped: boolean
  readonly createdAt: Date
}

export interface NewReport {
  readonly day: string
  readonly facts: object
  readonly skipped: boolean
  /** One for each person; none where it is skipped. */
  readonly notifications: readonly NewNotification[]
  readonly giveUpMs: number
}

interface Row {
  day: string
  facts: string
  skipped: boolean
  created_at: Date
}

const COLUMNS = sql`day::text as day, facts::text as facts, skipped, created_at`

/**
 * Notes the report of a day, with the messages that carry it: all of it or nothing, and once, however many replicas do it.
 *
 * @returns false where another replica was faster
 */
export async function createReport({ kysely }: Database, report: NewReport): Promise<boolean> {
  const { day, facts, skipped, notifications, giveUpMs } = report
  return kysely.transaction().execute(async (trx) => {
    const { rows } = await sql`
      insert into daily_report (day, facts, skipped) values (${day}::date, ${JSON.stringify(facts)}::jsonb, ${skipped})
      on conflict (day) do nothing returning day`.execute(trx)
    if (rows.length === 0) return false
    await addNotifications(trx, notifications, giveUpMs)
    return true
  })
}

/** Puts one more message into the queue, for a person who asked for it. @returns nothing; the same key makes one */
export async function addNotification(
  { kysely }: Database,
  notification: NewNotification,
  giveUpMs: number,
): Promise<void> {
  await kysely.transaction().execute((trx) => addNotifications(trx, [notification], giveUpMs))
}

/** Which days of a range are there already, the ends included. */
export async function listReportDays({ kysely }: Database, from: string, until: string): Promise<string[]> {
  const { rows } = await sql<{ day: string }>`
    select day::text as day from daily_report where day between ${from}::date and ${until}::date
    order by daily_report.day`.execute(kysely)
  return rows.map(({ day }) => day)
}

/** The newest days first. */
export async function listReports(
  database: Database,
  limits: PageLimits,
  beforeDay?: string,
): Promise<SizedPage<StoredReport>> {
  const before = beforeDay === undefined ? sql`true` : sql`day < ${beforeDay}::date`
  const rows = sql`(select ${COLUMNS} from daily_report where ${before}
    order by daily_report.day desc limit ${limits.items + 1})`
  const size = sql`octet_length(facts)`
  const { items, more } = await readSizedPage<Row>(database, { rows, size, order: sql`day desc` }, limits)
  return { items: items.map(toReport), more }
}

export async function findReport({ kysely }: Database, day: string): Promise<StoredReport | undefined> {
  const { rows } = await sql<Row>`
    select ${COLUMNS} from daily_report where day = ${day}::date`.execute(kysely)
  return rows[0] && toReport(rows[0])
}

/** Removes the reports that were made more than so many days ago. @returns how many */
export async function purgeReports(database: Database, days: number): Promise<number> {
  const keptFromMs = await readKeptFromMs(database, days)
  if (keptFromMs === undefined) return 0
  const { numAffectedRows } = await sql`
    delete from daily_report where created_at < ${new Date(keptFromMs)}`.execute(database.kysely)
  return Number(numAffectedRows ?? 0)
}

function toReport({ created_at: createdAt, facts, ...row }: Row): StoredReport {
  return { ...row, facts: JSON.parse(facts) as unknown, createdAt }
}
