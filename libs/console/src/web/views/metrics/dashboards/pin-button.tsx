import type { ComponentType } from 'preact'
import { useState } from 'preact/hooks'
import type { DashboardChart } from '../../../api/dashboards.ts'
import { useMissing } from '../../../data/me.tsx'
import { useAction } from '../../../data/use-action.ts'
import type { PinDialogProps } from './pin-dialog.tsx'

/** Keeps a chart on a dashboard, for those who may. */
export function PinButton({ chart }: { chart: DashboardChart }) {
  const [loaded, setLoaded] = useState<{ readonly PinDialog: ComponentType<PinDialogProps> }>()
  // Who only looks does not wait for it.
  const open = useAction(async () => setLoaded(await import('./pin-dialog.tsx')))
  if (useMissing(['dashboards:read', 'dashboards:write']).length > 0) return null
  return (
    <>
      <button
        type="button"
        aria-label={`Pin ${chart.metrics.join(', ')}`}
        disabled={open.busy}
        onClick={open.run}
      >
        Pin
      </button>
      {loaded && <loaded.PinDialog chart={chart} onClose={() => setLoaded(undefined)} />}
    </>
  )
}
