import type { Generated } from 'kysely'

/** Dashboards, as Kysely sees them. */
export interface DashboardSchema {
  dashboard: DashboardTable
}

interface DashboardTable {
  id: Generated<number>
  name: string
  /** A list in the form of the API. */
  charts: Generated<unknown>
  /** Counts the edits. */
  version: Generated<number>
  created_at: Generated<Date>
  created_by: string
  updated_at: Generated<Date>
  updated_by: string
}
