import { useLocation } from 'preact-iso'
import { lazyView } from '../../lazy-view.tsx'
import { Missing } from '../../missing.tsx'
import { MetricExplorer } from './metric-explorer.tsx'
import { parseMetricsPath } from './metrics-path.ts'
import './metrics.css'

/** Whoever explores metrics does not wait for it. */
const Dashboards = lazyView(() => import('./dashboards/index.tsx'))

/** Metrics: charts to explore them, and dashboards of charts that were kept. */
export default function Metrics() {
  const { view } = parseMetricsPath(useLocation().path)
  if (view === 'explore') return <MetricExplorer />
  return view === 'missing' ? <Missing /> : <Dashboards />
}
