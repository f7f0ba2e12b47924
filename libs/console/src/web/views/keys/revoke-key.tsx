import { revokeKey, type AccessKey } from '../../api/keys.ts'
import { useAction } from '../../data/use-action.ts'
import { ActionError } from '../../parts/action-error.tsx'
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx'
import { useToast } from '../../parts/toast.tsx'

interface RevokeKeyProps {
  readonly of: AccessKey
  readonly onClose: () => void
  readonly onDone: () => void
}

/** Asks before a key ends for good. */
export function RevokeKey({ of: { id, name }, onClose, onDone }: RevokeKeyProps) {
  const toast = useToast()
  const revoke = useAction(async () => {
    await revokeKey(id)
    toast(`Revoked: ${name}`)
    onDone()
  })
  return (
    <ConfirmDialog
      title="Revoke this key?"
      open
      action="Revoke"
      danger
      busy={revoke.busy}
      onConfirm={revoke.run}
      onClose={onClose}
    >
      <ActionError error={revoke.error} />
      <p>
        <b>{name}</b> <span class="quiet">{id}</span>
      </p>
      <p>Within 5 seconds nothing that uses it gets through. This cannot be undone.</p>
    </ConfirmDialog>
  )
}
