import { AppError } from '@runnel/contracts'
import type { DashboardChart, DashboardEdit, DashboardInput } from '@runnel/contracts/api/dashboard'
import type { Database, Schema } from '@runnel/repositories-database'
import { sql, type RawBuilder, type Transaction } from 'kysely'
import { writeAudit } from '../write-audit.ts'
import { findDashboard } from './read-dashboards.ts'
import type { StoredDashboard } from './stored-dashboard.ts'

/**
 * Stores a dashboard.
 *
 * @param max how many there may be
 * @throws AppError `conflict` where there are as many, or where one has this name
 */
export function createDashboard(
  database: Database,
  { name, charts = [] }: DashboardInput,
  actor: string,
  max: number,
): Promise<StoredDashboard> {
  return changeDashboards(database, async (trx) => {
    const { rows } = await sql<{ count: number }>`select count(*)::int as count from dashboard`.execute(trx)
    if ((rows[0]?.count ?? 0) >= max)
      throw new AppError(
        'conflict',
        `There are ${max} dashboards already: delete those that are not needed, or raise DASHBOARDS_MAX`,
      )
    await requireFreeName(trx, name)
    const { id } = await trx
      .insertInto('dashboard')
      .values({ name, charts: toJson(charts), created_by: actor, updated_by: actor })
      .returning('id')
      .executeTakeFirstOrThrow()
    await writeAudit(trx, { actor, action: 'create', subject: 'dashboard', subjectId: id, detail: { name } })
    return findDashboard({ kysely: trx }, id)
  })
}

/**
 * Gives a dashboard another name, other charts, or both. An edit that changes nothing leaves the version as it is, so that a
 * repeated one is harmless.
 *
 * @throws AppError `not_found`, or `conflict` where it has another version by now, or where another one has the name
 */
export function editDashboard(
  database: Database,
  id: number,
  { version, name, charts }: DashboardEdit,
  actor: string,
): Promise<StoredDashboard> {
  return changeDashboards(database, async (trx) => {
    const before = await findDashboard({ kysely: trx }, id)
    const changes = {
      ...(name !== undefined && name !== before.name && { name }),
      ...(charts !== undefined && !(await areEqual(trx, id, charts)) && { charts }),
    }
    if (Object.keys(changes).length === 0) return before
    requireVersion(before, version)
    if (changes.name !== undefined) await requireFreeName(trx, changes.name, id)
    await trx
      .updateTable('dashboard')
      .set({
        version: before.version + 1,
        updated_at: sql<Date>`clock_timestamp()`,
        updated_by: actor,
        ...(changes.name !== undefined && { name: changes.name }),
        ...(changes.charts !== undefined && { charts: toJson(changes.charts) }),
      })
      .where('id', '=', id)
      .execute()
    const detail = { version: before.version + 1, changes }
    await writeAudit(trx, { actor, action: 'edit', subject: 'dashboard', subjectId: id, detail })
    return findDashboard({ kysely: trx }, id)
  })
}

/** Deletes a dashboard. @throws AppError `not_found` */
export function deleteDashboard(database: Database, id: number, actor: string): Promise<void> {
  return changeDashboards(database, async (trx) => {
    const { name, charts } = await findDashboard({ kysely: trx }, id)
    await trx.deleteFrom('dashboard').where('id', '=', id).execute()
    const detail = { name, charts }
    await writeAudit(trx, { actor, action: 'delete', subject: 'dashboard', subjectId: id, detail })
  })
}

/** One change at a time: names and their number are looked at before they are written. Reads go on. */
function changeDashboards<T>(
  { kysely }: Database,
  change: (trx: Transaction<Schema>) => Promise<T>,
): Promise<T> {
  return kysely.transaction().execute(async (trx) => {
    await sql`lock table dashboard in share row exclusive mode`.execute(trx)
    return change(trx)
  })
}

async function requireFreeName(trx: Transaction<Schema>, name: string, except = 0): Promise<void> {
  const taken = await trx
    .selectFrom('dashboard')
    .select('id')
    .where(sql`lower(name)`, '=', sql`lower(${name})`)
    .where('id', '<>', except)
    .executeTakeFirst()
  if (!taken) return
  throw new AppError('conflict', 'Another dashboard has this name', {
    field: '/name',
    expected: 'a name of its own',
    extra: { id: taken.id },
  })
}

function requireVersion(dashboard: StoredDashboard, version: number): void {
  if (version === dashboard.version) return
  throw new AppError('conflict', `The dashboard was changed meanwhile: it has version ${dashboard.version}`, {
    field: '/version',
    expected: String(dashboard.version),
  })
}

/** Whether a dashboard has these charts already; members stand in any order. */
async function areEqual(
  trx: Transaction<Schema>,
  id: number,
  charts: readonly DashboardChart[],
): Promise<boolean> {
  const { rows } = await sql<{ equal: boolean }>`
    select charts = ${toJson(charts)} as equal from dashboard where id = ${id}`.execute(trx)
  return rows[0]?.equal ?? false
}

function toJson(charts: readonly DashboardChart[]): RawBuilder<unknown> {
  return sql`${JSON.stringify(charts)}::jsonb`
}
