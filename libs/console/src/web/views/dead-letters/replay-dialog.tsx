import { useEffect, useRef, useState } from 'preact/hooks'
import { replayDeadLetters } from '../../api/dead-letters.ts'
import { useAction } from '../../data/use-action.ts'
import { formatCount, plural } from '../../format/number.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { ActionError } from '../../parts/action-error.tsx'
import { choiceInWords, replayFilter } from './letters-query.ts'
import { replayAll } from './replay-all.ts'

interface ReplayDialogProps {
  readonly params: URLSearchParams
  readonly onClose: () => void
  /** Some were replayed. */
  readonly onWritten: () => void
}

/** Asks before all letters that match are replayed, and shows the result. */
export function ReplayDialog({ params, onClose, onWritten }: ReplayDialogProps) {
  const [count, setCount] = useState(0)
  const [done, setDone] = useState(false)
  const abort = useRef(new AbortController())
  useEffect(() => () => abort.current.abort(), [])
  const replay = useAction(async () => {
    try {
      await replayAll({
        filter: replayFilter(params, Date.now()),
        send: (filter) => replayDeadLetters(filter, abort.current.signal),
        onProgress: setCount,
      })
      setDone(true)
    } finally {
      onWritten()
    }
  })
  return (
    <Dialog title={done ? 'Replayed' : 'Replay all that match?'} open onClose={onClose}>
      <div class="dialog-body" role="status">
        <ActionError error={replay.error} />
        {done ? <Result count={count} /> : <Question params={params} busy={replay.busy} count={count} />}
      </div>
      <div class="dialog-foot">
        <button type="button" onClick={onClose}>
          {done ? 'Close' : replay.busy ? 'Stop' : 'Back'}
        </button>
        {!done && (
          <button type="button" class="primary" disabled={replay.busy} onClick={replay.run}>
            Replay
          </button>
        )}
      </div>
    </Dialog>
  )
}

function Question({ params, busy, count }: { params: URLSearchParams; busy: boolean; count: number }) {
  if (busy) return <p>{formatCount(count)} replayed so far …</p>
  return (
    <>
      <p>
        <b>{choiceInWords(params)}</b> are tried again, on all pages. Left out are those that were replayed
        already, those whose operation is unknown and, unless you chose that code, those whose key names
        another event.
      </p>
      <p class="quiet">
        Events that can be stored now are stored exactly once; the others return to this list with their
        reason.
      </p>
    </>
  )
}

function Result({ count }: { count: number }) {
  return (
    <p>
      {count === 0
        ? 'There was nothing left to replay.'
        : `${plural(count, 'dead letter')} sent back to be stored.`}
      {count > 0 && <span class="quiet"> Those that fail again appear in the list shortly.</span>}
    </p>
  )
}
