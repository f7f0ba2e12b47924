import { useState } from 'preact/hooks'
import type { DashboardChart } from '../../../api/dashboards.ts'
import { useMissing } from '../../../data/me.tsx'
import { PinDialog } from './pin-dialog.tsx'

/** Keeps a chart on a dashboard, for those who may. */
export function PinButton({ chart }: { chart: DashboardChart }) {
  const [open, setOpen] = useState(false)
  if (useMissing(['dashboards:read', 'dashboards:write']).length > 0) return null
  return (
    <>
      <button type="button" aria-label={`Pin ${chart.metrics.join(', ')}`} onClick={() => setOpen(true)}>
        Pin
      </button>
      {open && <PinDialog chart={chart} onClose={() => setOpen(false)} />}
    </>
  )
}
