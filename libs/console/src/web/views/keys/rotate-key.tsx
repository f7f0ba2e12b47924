import { useState } from 'preact/hooks'
import { rotateKey, type AccessKey, type IssuedKey } from '../../api/keys.ts'
import { useAction } from '../../data/use-action.ts'
import { ActionError } from '../../parts/action-error.tsx'
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx'
import { Field } from '../../parts/field.tsx'
import { Select } from '../../parts/select.tsx'

interface RotateKeyProps {
  readonly of: AccessKey
  readonly onClose: () => void
  readonly onDone: (issued: IssuedKey) => void
}

const OVERLAPS = [
  { value: '3600', label: 'an hour' },
  { value: '86400', label: 'a day' },
  { value: '604800', label: 'a week' },
  { value: '0', label: 'no longer: it ends at once' },
]

/** Gives a key another secret. */
export function RotateKey({ of: { id, name }, onClose, onDone }: RotateKeyProps) {
  const [overlap, setOverlap] = useState('86400')
  const rotate = useAction(async () => onDone(await rotateKey(id, Number(overlap))))
  return (
    <ConfirmDialog
      title={`Rotate the key ${name}?`}
      open
      action="Rotate"
      busy={rotate.busy}
      onConfirm={rotate.run}
      onClose={onClose}
    >
      <ActionError error={rotate.error} />
      <p>The key gets a new secret. Replace the old one wherever it is used before it expires.</p>
      <Field label="The old one stays valid for">
        <Select
          label="The old one stays valid for"
          value={overlap}
          options={OVERLAPS}
          onChange={setOverlap}
        />
      </Field>
    </ConfirmDialog>
  )
}
