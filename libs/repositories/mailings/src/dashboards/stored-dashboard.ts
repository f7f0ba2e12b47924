import type { DashboardChart } from '@runnel/contracts/api/dashboard'

/** What every dashboard has beside its charts. */
interface StoredHead {
  readonly id: number
  readonly name: string
  readonly version: number
  readonly createdAt: Date
  readonly createdBy: string
  readonly updatedAt: Date
  readonly updatedBy: string
}

export interface StoredDashboard extends StoredHead {
  readonly charts: readonly DashboardChart[]
}

/** A dashboard as it is listed. */
export interface StoredDashboardHead extends StoredHead {
  readonly chartCount: number
}

export const HEAD_COLUMNS = [
  ...(['id', 'name', 'version'] as const),
  ...(['created_at as createdAt', 'created_by as createdBy'] as const),
  ...(['updated_at as updatedAt', 'updated_by as updatedBy'] as const),
] as const
