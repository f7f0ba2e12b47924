import { useLocation } from 'preact-iso'
import { Missing } from '../../missing.tsx'
import { DashboardList } from './dashboards/dashboard-list.tsx'
import { DashboardView } from './dashboards/dashboard-view.tsx'
import { MetricExplorer } from './metric-explorer.tsx'
import { parseMetricsPath } from './metrics-path.ts'
import './metrics.css'

/** Metrics: charts to explore them, and dashboards of charts that were kept. */
export default function Metrics() {
  const { path } = useLocation()
  const shown = parseMetricsPath(path)
  if (shown.view === 'explore') return <MetricExplorer />
  if (shown.view === 'dashboards') return <DashboardList />
  if (shown.view === 'dashboard') return <DashboardView key={shown.id} id={shown.id} />
  return <Missing />
}
