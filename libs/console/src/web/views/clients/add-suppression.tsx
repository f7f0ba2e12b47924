import { useState } from 'preact/hooks'
import { fieldError, isBeside } from '../../api/field-error.ts'
import { addSuppression } from '../../api/suppressions.ts'
import { useAction } from '../../data/use-action.ts'
import { ActionError } from '../../parts/action-error.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Field } from '../../parts/field.tsx'
import { useToast } from '../../parts/toast.tsx'

interface AddSuppressionProps {
  readonly onClose: () => void
  readonly onDone: () => void
}

const FIELDS = ['/phone', '/reason'] as const

/** Puts a phone on the suppression list. */
export function AddSuppression({ onClose, onDone }: AddSuppressionProps) {
  const toast = useToast()
  const [phone, setPhone] = useState('')
  const [reason, setReason] = useState('')
  const add = useAction(async () => {
    const added = await addSuppression({ phone, ...(reason.trim() !== '' && { reason: reason.trim() }) })
    toast(`On the list: ${added.phone}`)
    onDone()
  })
  const submit = (event: Event) => {
    event.preventDefault()
    add.run()
  }
  const problem = (field: (typeof FIELDS)[number]) => fieldError(add.error, field)
  return (
    <Dialog title="Add a phone to the suppression list" open onClose={onClose}>
      <form noValidate onSubmit={submit}>
        <div class="form">
          {add.error && !isBeside(add.error, FIELDS) && <ActionError error={add.error} />}
          <Field label="Phone" error={problem('/phone')}>
            <input
              value={phone}
              inputMode="tel"
              maxLength={64}
              placeholder="+79161234567"
              aria-invalid={problem('/phone') !== undefined}
              onInput={(event) => setPhone(event.currentTarget.value)}
            />
          </Field>
          <Field label="Reason" error={problem('/reason')}>
            <input
              value={reason}
              maxLength={200}
              placeholder="Opted out"
              aria-invalid={problem('/reason') !== undefined}
              onInput={(event) => setReason(event.currentTarget.value)}
            />
          </Field>
        </div>
        <div class="dialog-foot">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="primary" disabled={add.busy}>
            Add
          </button>
        </div>
      </form>
    </Dialog>
  )
}
