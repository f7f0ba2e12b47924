import { useState } from 'preact/hooks'
import { editDashboard, type Dashboard } from '../../../api/dashboards.ts'
import { fieldError, isBeside } from '../../../api/field-error.ts'
import { useAction } from '../../../data/use-action.ts'
import { ActionError } from '../../../parts/action-error.tsx'
import { Card } from '../../../parts/card.tsx'
import { Field } from '../../../parts/field.tsx'
import type { DashboardDraft } from './dashboard-draft.ts'
import { DeleteDashboard } from './delete-dashboard.tsx'
import { isOutdated } from './pin-chart.ts'

interface DashboardEditorProps {
  readonly id: number
  readonly draft: DashboardDraft
  readonly onChange: (draft: DashboardDraft) => void
  readonly onSaved: (dashboard: Dashboard) => void
  /** Throws the changes away, and reads the dashboard anew. */
  readonly onCancel: () => void
  readonly onDeleted: () => void
}

/** Saves what was changed, unless another edit came first. */
export function DashboardEditor({ id, draft, onChange, onSaved, onCancel, onDeleted }: DashboardEditorProps) {
  const [deleting, setDeleting] = useState(false)
  const save = useAction(async () => {
    const { version, name, charts } = draft
    onSaved(
      await editDashboard(id, {
        version,
        name,
        charts: charts.map(({ chart }) => ({ ...chart, title: chart.title.trim() })),
      }),
    )
  })
  const outdated = isOutdated(save.error)
  const submit = (event: Event) => {
    event.preventDefault()
    save.run()
  }
  return (
    <Card class="dashboard-editor">
      {save.error && !outdated && !isBeside(save.error, ['/name']) && <ActionError error={save.error} />}
      {outdated && <Outdated onLoad={onCancel} />}
      <form noValidate onSubmit={submit}>
        <Field label="Name of the dashboard" error={fieldError(save.error, '/name')}>
          <input
            value={draft.name}
            onInput={(event) => onChange({ ...draft, name: event.currentTarget.value })}
          />
        </Field>
        <div class="actions">
          <button type="button" class="danger" onClick={() => setDeleting(true)}>
            Delete
          </button>
          <button type="button" onClick={onCancel}>
            Cancel
          </button>
          <button type="submit" class="primary" disabled={save.busy}>
            Save
          </button>
        </div>
      </form>
      {deleting && (
        <DeleteDashboard id={id} name={draft.name} onClose={() => setDeleting(false)} onDone={onDeleted} />
      )}
    </Card>
  )
}

function Outdated({ onLoad }: { onLoad: () => void }) {
  return (
    <div class="error-note" role="alert">
      <div>
        <p class="note-title">Another person has changed this dashboard meanwhile.</p>
        <p>Nothing was saved. Load it anew, and make your changes again.</p>
      </div>
      <button type="button" onClick={onLoad}>
        Load the newest
      </button>
    </div>
  )
}
