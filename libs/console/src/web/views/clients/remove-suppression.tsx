import { removeSuppression, type SuppressionKey } from '../../api/suppressions.ts'
import { useAction } from '../../data/use-action.ts'
import { ActionError } from '../../parts/action-error.tsx'
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx'
import { useToast } from '../../parts/toast.tsx'

interface RemoveSuppressionProps {
  readonly entry: SuppressionKey & { readonly reason?: string }
  readonly onClose: () => void
  readonly onDone: () => void
}

/** Asks before a phone is taken off the suppression list. */
export function RemoveSuppression({ entry, onClose, onDone }: RemoveSuppressionProps) {
  const { address, channel, reason } = entry
  const toast = useToast()
  const remove = useAction(async () => {
    await removeSuppression(entry)
    toast(`Off the list: ${address}`)
    onDone()
  })
  return (
    <ConfirmDialog
      title={`Remove this ${channel === 'gateway' ? 'phone' : 'address'} from the suppression list?`}
      open
      action="Remove"
      danger
      busy={remove.busy}
      onConfirm={remove.run}
      onClose={onClose}
    >
      <ActionError error={remove.error} />
      <p>
        <b>{address}</b> <span class="quiet">{reason}</span>
      </p>
      <p>Its client gets messages again. That you removed it is kept in the audit log.</p>
    </ConfirmDialog>
  )
}
