import { MAX_DASHBOARD_CHARTS } from '@runnel/contracts/dashboards/chart-choices'
import { useState } from 'preact/hooks'
import {
  createDashboard,
  getDashboards,
  type DashboardChart,
  type DashboardHead,
} from '../../../api/dashboards.ts'
import { fieldError, isBeside } from '../../../api/field-error.ts'
import { useAction } from '../../../data/use-action.ts'
import { useResource } from '../../../data/use-resource.ts'
import { ActionError } from '../../../parts/action-error.tsx'
import { Dialog } from '../../../parts/dialog.tsx'
import { Field } from '../../../parts/field.tsx'
import { Loaded } from '../../../parts/loaded.tsx'
import { Select } from '../../../parts/select.tsx'
import { useToast } from '../../../parts/toast.tsx'
import { pinChart } from './pin-chart.ts'

const FIELDS = ['/name', '/charts/0/title'] as const

export interface PinDialogProps {
  /** What is kept; its title is asked for. */
  readonly chart: DashboardChart
  readonly onClose: () => void
}

/** Keeps a chart on a dashboard: on one that there is, or on a new one. */
export function PinDialog({ chart, onClose }: PinDialogProps) {
  const dashboards = useResource('dashboards', getDashboards)
  return (
    <Dialog title="Pin to a dashboard" open onClose={onClose}>
      <Loaded resource={dashboards}>
        {({ items }) => <PinForm chart={chart} dashboards={items} onClose={onClose} />}
      </Loaded>
    </Dialog>
  )
}

function PinForm({ chart, dashboards, onClose }: PinDialogProps & { dashboards: readonly DashboardHead[] }) {
  const [title, setTitle] = useState('')
  const [chosen, setChosen] = useState(String(dashboards.find(hasRoom)?.id ?? ''))
  const [name, setName] = useState('')
  const toast = useToast()
  const pin = useAction(async () => {
    const titled = { ...chart, title: title.trim() }
    const kept =
      chosen === ''
        ? await createDashboard({ name, charts: [titled] })
        : await pinChart(Number(chosen), titled)
    toast(`Pinned to ${kept.name}`)
    onClose()
  })
  const submit = (event: Event) => {
    event.preventDefault()
    pin.run()
  }
  return (
    <form noValidate onSubmit={submit}>
      <div class="form">
        {pin.error && !isBeside(pin.error, FIELDS) && <ActionError error={pin.error} />}
        <Field label="Title of the chart" hint={`Empty: ${chart.metrics.join(', ')}`}>
          <input value={title} onInput={(event) => setTitle(event.currentTarget.value)} />
        </Field>
        <Field label="Dashboard">
          <Select
            label="Dashboard"
            value={chosen}
            options={[
              ...dashboards.filter(hasRoom).map(({ id, name }) => ({ value: String(id), label: name })),
              { value: '', label: 'A new dashboard' },
            ]}
            onChange={setChosen}
          />
        </Field>
        {chosen === '' && (
          <Field label="Name of the new dashboard" error={fieldError(pin.error, '/name')}>
            <input value={name} onInput={(event) => setName(event.currentTarget.value)} />
          </Field>
        )}
      </div>
      <div class="dialog-foot">
        <button type="button" onClick={onClose}>
          Back
        </button>
        <button type="submit" class="primary" disabled={pin.busy}>
          Pin
        </button>
      </div>
    </form>
  )
}

function hasRoom({ chartCount }: DashboardHead): boolean {
  return chartCount < MAX_DASHBOARD_CHARTS
}
