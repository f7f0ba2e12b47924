import { AppError } from '@runnel/contracts'
import type { DashboardChart } from '@runnel/contracts/api/dashboard'
import type { Database, Schema } from '@runnel/repositories-database'
import { sql, type Kysely } from 'kysely'
import { HEAD_COLUMNS, type StoredDashboard, type StoredDashboardHead } from './stored-dashboard.ts'

/** All dashboards, by name. */
export function listDashboards({ kysely }: Database): Promise<StoredDashboardHead[]> {
  return kysely
    .selectFrom('dashboard')
    .select([...HEAD_COLUMNS, sql<number>`jsonb_array_length(charts)`.as('chartCount')])
    .orderBy(sql`lower(name)`)
    .execute()
}

/** @throws AppError not_found */
export async function findDashboard(
  { kysely }: { readonly kysely: Kysely<Schema> },
  id: number,
): Promise<StoredDashboard> {
  const found = await kysely
    .selectFrom('dashboard')
    .select([...HEAD_COLUMNS, sql<DashboardChart[]>`charts`.as('charts')])
    .where('id', '=', id)
    .executeTakeFirst()
  if (!found) throw new AppError('not_found', `There is no dashboard ${id}`, { field: 'id' })
  return found
}
