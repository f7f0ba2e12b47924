import type { Dashboard, DashboardHead } from '@runnel/contracts/api/dashboard'
import type { StoredDashboard, StoredDashboardHead } from '@runnel/repositories-mailings'

/** A dashboard as it is answered. */
export function presentDashboard({ charts, ...head }: StoredDashboard): Dashboard {
  return { ...presentTimes(head), charts: [...charts] }
}

/** A dashboard as it is listed. */
export function presentDashboardHead(head: StoredDashboardHead): DashboardHead {
  return presentTimes(head)
}

function presentTimes<T extends { readonly createdAt: Date; readonly updatedAt: Date }>(stored: T) {
  return { ...stored, createdAt: stored.createdAt.toISOString(), updatedAt: stored.updatedAt.toISOString() }
}
