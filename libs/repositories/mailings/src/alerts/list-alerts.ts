import type { Database } from '@runnel/repositories-database'
import { sql } from 'kysely'
import { ALERT_COLUMNS, toStoredAlert, type AlertRow, type StoredAlert } from './stored-alert.ts'

/** Alerts, the newest first. */
export async function listAlerts(
  { kysely }: Database,
  { limit, beforeId = Number.MAX_SAFE_INTEGER }: { limit: number; beforeId?: number | undefined },
): Promise<StoredAlert[]> {
  const { rows } = await sql<AlertRow>`
    select ${ALERT_COLUMNS} from alert where id < ${beforeId} order by id desc limit ${limit}`.execute(kysely)
  return rows.map(toStoredAlert)
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
