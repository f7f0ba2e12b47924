import { deleteClient, type Client } from '../../api/clients.ts'
import { useAction } from '../../data/use-action.ts'
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx'
import { ActionError } from '../../parts/action-error.tsx'
import { useToast } from '../../parts/toast.tsx'

interface DeleteClientProps {
  readonly client: Client
  readonly onClose: () => void
  readonly onDone: () => void
}

/** Asks before a client is deleted. */
export function DeleteClient({ client: { id, phone }, onClose, onDone }: DeleteClientProps) {
  const toast = useToast()
  const remove = useAction(async () => {
    await deleteClient(id)
    toast(`Deleted: ${phone}`)
    onDone()
  })
  return (
    <ConfirmDialog
      title="Delete this client?"
      open
      action="Delete"
      danger
      busy={remove.busy}
      onConfirm={remove.run}
      onClose={onClose}
    >
      <ActionError error={remove.error} />
      <p>
        <b>{phone}</b>
      </p>
      <p>
        Messages to this client that are open are cancelled; the others stay in the records. This cannot be
        undone. A client who wants no more messages should be opted out: the suppression list keeps that, also
        when the client is deleted and imported again.
      </p>
    </ConfirmDialog>
  )
}
