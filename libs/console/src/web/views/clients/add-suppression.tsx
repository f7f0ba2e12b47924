import { useState } from 'preact/hooks'
import { fieldError, isBeside } from '../../api/field-error.ts'
import { addSuppression } from '../../api/suppressions.ts'
import { useAction } from '../../data/use-action.ts'
import { ActionError } from '../../parts/action-error.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Field } from '../../parts/field.tsx'
import { useToast } from '../../parts/toast.tsx'

interface AddSuppressionProps {
  readonly channel: string
  readonly onClose: () => void
  readonly onDone: () => void
}

const FIELDS = ['/phone', '/address', '/reason'] as const

const PLACEHOLDERS: Readonly<Record<string, string>> = {
  gateway: '+79161234567',
  email: 'ann@example.com',
  webhook: 'https://',
}

/** Puts a phone or an address on the suppression list. */
export function AddSuppression({ channel, onClose, onDone }: AddSuppressionProps) {
  const isPhone = channel === 'gateway'
  const toast = useToast()
  const [phone, setPhone] = useState('')
  const [reason, setReason] = useState('')
  const add = useAction(async () => {
    const added = await addSuppression({
      ...(isPhone ? { phone } : { channel: channel as 'email' | 'webhook', address: phone }),
      ...(reason.trim() !== '' && { reason: reason.trim() }),
    })
    toast(`On the list: ${added.address}`)
    onDone()
  })
  const submit = (event: Event) => {
    event.preventDefault()
    add.run()
  }
  const field = isPhone ? '/phone' : '/address'
  const problem = (name: (typeof FIELDS)[number]) => fieldError(add.error, name)
  return (
    <Dialog
      title={`Add ${isPhone ? 'a phone' : 'an address'} to the suppression list`}
      open
      onClose={onClose}
    >
      <form noValidate onSubmit={submit}>
        <div class="form">
          {add.error && !isBeside(add.error, FIELDS) && <ActionError error={add.error} />}
          <Field label={isPhone ? 'Phone' : 'Address'} error={problem(field)}>
            <input
              value={phone}
              inputMode={isPhone ? 'tel' : undefined}
              maxLength={isPhone ? 64 : 2048}
              placeholder={PLACEHOLDERS[channel]}
              aria-invalid={problem(field) !== undefined}
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
