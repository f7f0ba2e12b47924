import type { Database } from '@runnel/repositories-database'
import { sql, type RawBuilder } from 'kysely'
import {
  NOTIFICATION_COLUMNS,
  toStoredNotification,
  type NotificationRow,
  type StoredNotification,
} from './stored-notification.ts'

/** Of one list; an alert that reminds every hour has many. */
const MAX_LISTED = 10_000

/** Notifications of reports, by day; the oldest first. */
export async function listNotificationsOfDays(
  database: Database,
  days: readonly string[],
): Promise<ReadonlyMap<string, readonly StoredNotification[]>> {
  return listBy(database, sql`report_day::text`, sql`report_day = any(${sql.val(days)}::date[])`)
}

/** Notifications of alerts, by the id of the alert; the oldest first. */
export async function listNotificationsOfAlerts(
  database: Database,
  ids: readonly number[],
): Promise<ReadonlyMap<string, readonly StoredNotification[]>> {
  return listBy(database, sql`alert_id::text`, sql`alert_id = any(${sql.val(ids)}::bigint[])`)
}

async function listBy(
  { kysely }: Database,
  group: RawBuilder<unknown>,
  where: RawBuilder<unknown>,
): Promise<Map<string, StoredNotification[]>> {
  const { rows } = await sql<NotificationRow & { of: string }>`
    select ${group} as "of", ${NOTIFICATION_COLUMNS} from notification where ${where}
    order by id desc limit ${MAX_LISTED}`.execute(kysely)
  const groups = Map.groupBy(rows.toReversed(), (row) => row.of)
  return new Map(
    [...groups].map(([of, found]) => [of, found.map(({ of: _of, ...row }) => toStoredNotification(row))]),
  )
}
