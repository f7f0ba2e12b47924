import { deleteDashboard } from '../../../api/dashboards.ts'
import { useAction } from '../../../data/use-action.ts'
import { ActionError } from '../../../parts/action-error.tsx'
import { ConfirmDialog } from '../../../parts/confirm-dialog.tsx'
import { useToast } from '../../../parts/toast.tsx'

interface DeleteDashboardProps {
  readonly id: number
  readonly name: string
  readonly onClose: () => void
  readonly onDone: () => void
}

/** Asks before a dashboard is gone for everybody. */
export function DeleteDashboard({ id, name, onClose, onDone }: DeleteDashboardProps) {
  const toast = useToast()
  const remove = useAction(async () => {
    await deleteDashboard(id)
    toast(`Deleted: ${name}`)
    onDone()
  })
  return (
    <ConfirmDialog
      title="Delete this dashboard?"
      open
      action="Delete"
      danger
      busy={remove.busy}
      onConfirm={remove.run}
      onClose={onClose}
    >
      <ActionError error={remove.error} />
      <p>
        <b>{name}</b> will be gone for everybody. Metrics stay; the audit keeps what charts it had.
      </p>
    </ConfirmDialog>
  )
}
