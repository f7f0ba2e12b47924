import { readSizedPage, type Database, type PageLimits, type SizedPage } from '@runnel/repositories-database'
import { sql } from 'kysely'
import { ALERT_COLUMNS, toStoredAlert, type AlertRow, type StoredAlert } from './stored-alert.ts'

/** Alerts, the newest first. */
export async function listAlerts(
  database: Database,
  limits: PageLimits,
  beforeId = Number.MAX_SAFE_INTEGER,
): Promise<SizedPage<StoredAlert>> {
  const rows = sql`(select ${ALERT_COLUMNS} from alert where id < ${beforeId} order by id desc limit ${limits.items + 1})`
  const size = sql`octet_length(facts)`
  const { items, more } = await readSizedPage<AlertRow>(database, { rows, size, order: sql`id desc` }, limits)
  return { items: items.map(toStoredAlert), more }
}

/** Alerts that held at any time of a period, the earliest first. */
export async function listAlertsDuring(
  { kysely }: Database,
  conditions: readonly string[],
  { fromMs, untilMs, limit }: { fromMs: number; untilMs: number; limit: number },
): Promise<StoredAlert[]> {
  const { rows } = await sql<AlertRow>`
    select ${ALERT_COLUMNS} from alert
    where condition = any(${sql.val(conditions)}::text[]) and started_at < ${new Date(untilMs)}
      and (resolved_at is null or resolved_at > ${new Date(fromMs)})
    order by started_at, id limit ${limit}`.execute(kysely)
  return rows.map(toStoredAlert)
}
