import { useMissing } from '../../data/me.tsx'
import { Tabs } from '../../parts/tabs.tsx'
import { DASHBOARDS, METRICS } from './metrics-path.ts'

const TABS = [
  { id: 'explore', label: 'Explore', href: METRICS },
  { id: 'dashboards', label: 'Dashboards', href: DASHBOARDS },
]

/** The parts of the metrics view; without what may be read there is one. */
export function MetricsTabs({ current }: { current: 'explore' | 'dashboards' }) {
  if (useMissing(['dashboards:read']).length > 0) return null
  return (
    <Tabs
      label="Parts of the view"
      tabs={TABS}
      current={current}
      hrefOf={(to) => TABS.find(({ id }) => id === to)!.href}
    />
  )
}
