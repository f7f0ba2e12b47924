import { deleteDeadLetter } from '../../api/dead-letters.ts'
import { useAction } from '../../data/use-action.ts'
import { ActionError } from '../../parts/action-error.tsx'
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx'

interface DeleteLetterProps {
  readonly id: number
  readonly onClose: () => void
  readonly onDeleted: () => void
}

/** Asks before one letter is given up. */
export function DeleteLetter({ id, onClose, onDeleted }: DeleteLetterProps) {
  const remove = useAction(async () => {
    await deleteDeadLetter(id)
    onDeleted()
  })
  return (
    <ConfirmDialog
      title={`Delete dead letter ${id}?`}
      open
      danger
      action="Delete"
      busy={remove.busy}
      onConfirm={remove.run}
      onClose={onClose}
    >
      <ActionError error={remove.error} />
      <p>Its event is lost: it was never stored, and nothing else keeps it.</p>
    </ConfirmDialog>
  )
}
