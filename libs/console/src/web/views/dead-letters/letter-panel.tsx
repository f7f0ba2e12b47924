import { useState } from 'preact/hooks'
import { getDeadLetter, replayDeadLetter, type DeadLetter } from '../../api/dead-letters.ts'
import { useAction } from '../../data/use-action.ts'
import type { QueryParams } from '../../data/use-query-params.ts'
import { saveFile } from '../../data/save-file.ts'
import { useResource } from '../../data/use-resource.ts'
import { formatBytes } from '../../format/bytes.ts'
import { formatCount } from '../../format/number.ts'
import { CopyButton } from '../../parts/copy-button.tsx'
import { Empty } from '../../parts/empty.tsx'
import { ActionError } from '../../parts/action-error.tsx'
import { Facts } from '../../parts/facts.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Needs } from '../../parts/needs.tsx'
import { SidePanel } from '../../parts/side-panel.tsx'
import { Time } from '../../parts/time.tsx'
import { useToast } from '../../parts/toast.tsx'
import { DeleteLetter } from './delete-letter.tsx'
import { EditLetter } from './edit-letter.tsx'
import { LetterState } from './letter-state.tsx'
import { isEditable, payloadBytes } from './payload-text.ts'
import { Payload } from './payload.tsx'

interface LetterPanelProps {
  readonly id: number
  readonly query: QueryParams
  readonly onClose: () => void
  /** Something was done about it. */
  readonly onWritten: () => void
}

/** The reason's code where the key of an event names another one. */
const REUSED = 'idempotency_key_reused'

/** After a replay its outcome is on the way: it is looked at again for a while. */
const REFRESH_MS = 2000

/** One dead letter with its payload. */
export function LetterPanel({ id, query, onClose, onWritten }: LetterPanelProps) {
  const toast = useToast()
  const [open, setOpen] = useState<'edit' | 'delete'>()
  const found = useResource<DeadLetter | undefined>(String(id), (signal) => getDeadLetter(id, signal), {
    refreshMs: (letter) => (letter?.replayedAt ? REFRESH_MS : undefined),
  })
  const letter = found.data
  const replayed = () => {
    toast('The replay has started')
    found.reload()
    onWritten()
  }
  const replay = useAction(async () => {
    await replayDeadLetter(id)
    replayed()
  })
  return (
    <SidePanel
      title={`Dead letter ${id}`}
      onClose={onClose}
      actions={
        letter && (
          <>
            <Needs scope="dead-letters:write">
              <button type="button" class="primary" disabled={replay.busy} onClick={replay.run}>
                Replay
              </button>
              {isEditable(letter) && (
                <button type="button" onClick={() => setOpen('edit')}>
                  Edit and replay
                </button>
              )}
              <button type="button" onClick={() => setOpen('delete')}>
                Delete
              </button>
            </Needs>
            <button type="button" onClick={() => downloadPayload(letter)}>
              Download
            </button>
            <CopyButton label="Copy payload" text={() => letter.payload} />
            <CopyButton label="Copy link" text={() => location.href} />
          </>
        )
      }
    >
      <ActionError error={replay.error} />
      {letter && (
        <LetterDialogs
          {...{ open, letter, replayed }}
          close={() => setOpen(undefined)}
          deleted={() => {
            toast('The dead letter was deleted')
            onWritten()
            onClose()
          }}
        />
      )}
      <Loaded resource={found}>{(data) => <Details letter={data} query={query} />}</Loaded>
      {found.dataKey !== undefined && !letter && !found.error && (
        <Empty title="There is no such dead letter.">It may have been stored since, or removed.</Empty>
      )}
    </SidePanel>
  )
}

interface LetterDialogsProps {
  readonly open: 'edit' | 'delete' | undefined
  readonly letter: DeadLetter
  readonly close: () => void
  readonly replayed: () => void
  readonly deleted: () => void
}

function LetterDialogs({ open, letter, close, replayed, deleted }: LetterDialogsProps) {
  if (open === 'delete') return <DeleteLetter id={letter.id} onClose={close} onDeleted={deleted} />
  if (open !== 'edit') return null
  return (
    <EditLetter
      letter={letter}
      onClose={close}
      onReplayed={() => {
        close()
        replayed()
      }}
    />
  )
}

function downloadPayload(letter: DeadLetter): void {
  const isText = letter.payloadEncoding === 'utf8'
  const bytes = payloadBytes(letter)
  saveFile(`dead-letter-${letter.id}.${isText ? 'json' : 'bin'}`, [bytes.slice()], 'application/octet-stream')
}

function Details({ letter, query }: { letter: DeadLetter | undefined; query: QueryParams }) {
  if (!letter) return null
  const { kind, subject, operation, eventId, key, replayedAt } = letter
  return (
    <>
      <p class="letter-why">{letter.reason}</p>
      {letter.code === REUSED && (
        <p class="quiet">
          Two events: replay, and this one is stored as well, under its id in place of its key. The same
          event, sent again in other words: delete.
        </p>
      )}
      <Facts
        facts={[
          ['State', <LetterState letter={letter} />],
          ['Kind', kind],
          ['Subject', <span class="mono">{subject}</span>],
          ['Operation', operation],
          ['Event', <span class="mono">{eventId}</span>],
          ['Key', key === null ? <span class="quiet">none</span> : <span class="mono">{key}</span>],
          ['Size', formatBytes(letter.payloadBytes)],
          ['First failed', <Time at={letter.firstFailedAt} />],
          ['Last failed', <Time at={letter.lastFailedAt} />],
          ['Attempts', formatCount(letter.attempts)],
          [
            'Replayed',
            replayedAt === null ? (
              <span class="quiet">not since it last failed</span>
            ) : (
              <Time at={replayedAt} />
            ),
          ],
        ]}
      />
      <Payload letter={letter} query={query} />
    </>
  )
}
