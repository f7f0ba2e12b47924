import { useEffect, useRef, useState } from 'preact/hooks'
import { deleteDeadLetters, getDeadLetterGroups, type DeadLetterGroups } from '../../api/dead-letters.ts'
import { useAction } from '../../data/use-action.ts'
import { useResource } from '../../data/use-resource.ts'
import { formatBytes } from '../../format/bytes.ts'
import { formatCount, plural } from '../../format/number.ts'
import { ActionError } from '../../parts/action-error.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { deleteAll } from './delete-all.ts'
import { choiceInWords, deleteFilter, deleteParams } from './letters-query.ts'

interface DeleteDialogProps {
  readonly params: URLSearchParams
  readonly onClose: () => void
  /** Some were deleted. */
  readonly onWritten: () => void
}

/** Shows how many letters match, and deletes those, and none that has come since. */
export function DeleteDialog({ params, onClose, onWritten }: DeleteDialogProps) {
  const [nowMs] = useState(Date.now)
  const [deleted, setDeleted] = useState(0)
  const [done, setDone] = useState(false)
  const abort = useRef(new AbortController())
  useEffect(() => () => abort.current.abort(), [])
  const found = useResource('count', (signal) => getDeadLetterGroups(deleteParams(params, nowMs), signal))
  const remove = useAction(async () => {
    try {
      await deleteAll({
        seen: found.data!,
        filter: deleteFilter(params, nowMs),
        send: (filter) => deleteDeadLetters(filter, abort.current.signal),
        onProgress: setDeleted,
      })
      setDone(true)
    } finally {
      onWritten()
      found.reload()
    }
  })
  const count = found.data?.count ?? 0
  return (
    <Dialog title={done ? 'Deleted' : 'Delete all that match?'} open onClose={onClose}>
      <div class="dialog-body" role="status">
        <ActionError error={remove.error} />
        {done ? (
          <p>{plural(deleted, 'dead letter')} deleted.</p>
        ) : remove.busy ? (
          <p>{formatCount(deleted)} deleted so far …</p>
        ) : (
          <Loaded resource={found}>{(groups) => <Question params={params} found={groups} />}</Loaded>
        )}
      </div>
      <div class="dialog-foot">
        <button type="button" onClick={onClose}>
          {done ? 'Close' : remove.busy ? 'Stop' : 'Back'}
        </button>
        {!done && (
          <button type="button" class="danger" disabled={remove.busy || count === 0} onClick={remove.run}>
            {count === 0 ? 'Delete' : `Delete ${formatCount(count)}`}
          </button>
        )}
      </div>
    </Dialog>
  )
}

function Question({ params, found }: { params: URLSearchParams; found: DeadLetterGroups }) {
  if (found.count === 0) return <p>There is nothing to delete.</p>
  return (
    <>
      <p>
        <b>{choiceInWords(params)}</b>: {plural(found.count, 'letter')}, {formatBytes(found.payloadBytes)}, on
        all pages.
      </p>
      <p class="quiet">Their events are lost: they were never stored, and nothing else keeps them.</p>
    </>
  )
}
