import { useEffect, useRef, useState } from 'preact/hooks'
import { retryMailing, type Retriable, type StatusCounts } from '../../api/mailings.ts'
import { useAction } from '../../data/use-action.ts'
import { formatCount, plural } from '../../format/number.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { ActionError } from '../../parts/action-error.tsx'
import { Progress } from '../../parts/progress.tsx'
import { useToast } from '../../parts/toast.tsx'
import { retryAll } from './retry-all.ts'

interface RetryDialogProps {
  readonly id: number
  readonly counts: StatusCounts
  readonly onClose: () => void
  readonly onDone: () => void
}

/** Lets failed messages, and those of unknown outcome, be sent again. Closing it stops after what is under way. */
export function RetryDialog({ id, counts, onClose, onDone }: RetryDialogProps) {
  const toast = useToast()
  const [include, setInclude] = useState<readonly Retriable[]>(counts.failed > 0 ? ['failed'] : [])
  // Counts change while it goes on: the whole is what it was at the beginning.
  const [progress, setProgress] = useState<{ accepted: number; total: number }>()
  const abort = useRef(new AbortController())
  useEffect(() => () => abort.current.abort(), [])
  const total = include.reduce((sum, status) => sum + counts[status], 0)
  const retry = useAction(async () => {
    setProgress({ accepted: 0, total })
    const accepted = await retryAll({
      include,
      send: (request) => retryMailing(id, request, abort.current.signal),
      onProgress: (so) => setProgress({ accepted: so, total }),
    })
    toast(`${plural(accepted, 'message')} will be sent again`)
    onDone()
  })
  const toggle = (status: Retriable) =>
    setInclude(include.includes(status) ? include.filter((one) => one !== status) : [...include, status])
  const option = (status: Retriable, note: string) => (
    <label class="check">
      <input
        type="checkbox"
        checked={include.includes(status)}
        disabled={retry.busy || counts[status] === 0}
        onChange={() => toggle(status)}
      />
      <span>
        {formatCount(counts[status])} {status} <span class="quiet">{note}</span>
      </span>
    </label>
  )
  return (
    <Dialog title="Send messages again?" open onClose={onClose}>
      <div class="dialog-body form">
        <ActionError error={retry.error} />
        {option('failed', '– the gateway refused them, or their text could not be rendered.')}
        {option('unknown', '– the gateway may have taken them: some clients may get the message twice.')}
        <p class="quiet">A completed mailing runs again until these are done.</p>
        {retry.busy && progress && (
          <Progress label="Accepted" value={progress.accepted} max={progress.total} />
        )}
      </div>
      <div class="dialog-foot">
        <button type="button" onClick={onClose}>
          {retry.busy ? 'Stop' : 'Back'}
        </button>
        <button
          type="button"
          class="primary"
          disabled={retry.busy || total === 0}
          onClick={() => retry.run()}
        >
          {retry.busy
            ? `${formatCount(progress?.accepted ?? 0)} accepted …`
            : `Send ${plural(total, 'message')} again`}
        </button>
      </div>
    </Dialog>
  )
}
