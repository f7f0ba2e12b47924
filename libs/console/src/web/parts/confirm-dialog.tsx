import type { ComponentChildren } from 'preact'
import { Dialog } from './dialog.tsx'

interface ConfirmDialogProps {
  readonly title: string
  readonly open: boolean
  /** What the button says that does it. */
  readonly action: string
  readonly danger?: boolean
  readonly busy?: boolean
  readonly onConfirm: () => void
  readonly onClose: () => void
  readonly children: ComponentChildren
}

/** Asks before something that cannot be taken back. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, open, action, danger = false, busy = false, onConfirm, onClose, children } = props
  return (
    <Dialog title={title} open={open} onClose={onClose}>
      <div class="dialog-body">{children}</div>
      <div class="dialog-foot">
        <button type="button" onClick={onClose}>
          Back
        </button>
        <button type="button" class={danger ? 'danger' : 'primary'} disabled={busy} onClick={onConfirm}>
          {action}
        </button>
      </div>
    </Dialog>
  )
}
