import { useState } from 'preact/hooks'
import { createDashboard, type Dashboard } from '../../../api/dashboards.ts'
import { fieldError, isBeside } from '../../../api/field-error.ts'
import { useAction } from '../../../data/use-action.ts'
import { ActionError } from '../../../parts/action-error.tsx'
import { Dialog } from '../../../parts/dialog.tsx'
import { Field } from '../../../parts/field.tsx'

interface NewDashboardProps {
  readonly onClose: () => void
  readonly onDone: (dashboard: Dashboard) => void
}

/** Creates an empty dashboard. */
export function NewDashboard({ onClose, onDone }: NewDashboardProps) {
  const [name, setName] = useState('')
  const create = useAction(async () => onDone(await createDashboard({ name })))
  const submit = (event: Event) => {
    event.preventDefault()
    create.run()
  }
  return (
    <Dialog title="New dashboard" open onClose={onClose}>
      <form noValidate onSubmit={submit}>
        <div class="form">
          {create.error && !isBeside(create.error, ['/name']) && <ActionError error={create.error} />}
          <Field label="Name" hint="Charts are pinned to it later" error={fieldError(create.error, '/name')}>
            <input value={name} onInput={(event) => setName(event.currentTarget.value)} />
          </Field>
        </div>
        <div class="dialog-foot">
          <button type="button" onClick={onClose}>
            Back
          </button>
          <button type="submit" class="primary" disabled={create.busy}>
            Create
          </button>
        </div>
      </form>
    </Dialog>
  )
}
