import { useLocation } from 'preact-iso'
import { parseMetricsPath } from '../metrics-path.ts'
import { DashboardList } from './dashboard-list.tsx'
import { DashboardView } from './dashboard-view.tsx'

/** Dashboards: their list, and one of them. */
export default function Dashboards() {
  const shown = parseMetricsPath(useLocation().path)
  return shown.view === 'dashboard' ? <DashboardView key={shown.id} id={shown.id} /> : <DashboardList />
}
