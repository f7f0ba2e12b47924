import { useEffect, useRef, useState } from 'preact/hooks'
import type { Params } from '../../api/build-url.ts'
import { changeClients, previewChange, type ClientChangeCount } from '../../api/clients.ts'
import { useAction } from '../../data/use-action.ts'
import { formatCount, plural } from '../../format/number.ts'
import { ActionError } from '../../parts/action-error.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { changeAll } from './change-all.ts'
import { ChangeFields, NO_CHANGE, toChange, toSelection, type ChangeValues } from './change-fields.tsx'

interface ChangeDialogProps {
  /** Of the list. */
  readonly filter: Params
  readonly onClose: () => void
  /** Some were changed. */
  readonly onWritten: () => void
}

const ACTIONS: Readonly<Record<ChangeValues['what'], string>> = { tag: 'Tag', optOut: 'Opt out' }

function titleOf(counted: ClientChangeCount | undefined, done: boolean): string {
  if (done) return 'Changed'
  return counted ? 'Change these clients?' : 'Change many clients'
}

/** Opts out or tags many clients: says how many it would be, then does it on a second click. */
export function ChangeDialog({ filter, onClose, onWritten }: ChangeDialogProps) {
  const [values, setValues] = useState<ChangeValues>(NO_CHANGE)
  const [counted, setCounted] = useState<ClientChangeCount>()
  const [changed, setChanged] = useState(0)
  const [done, setDone] = useState(false)
  const abort = useRef(new AbortController())
  useEffect(() => () => abort.current.abort(), [])
  const asked = { ...toSelection(values, filter), change: toChange(values) }
  const preview = useAction(async () => setCounted(await previewChange(asked)))
  const change = useAction(async () => {
    const { toChange: count, throughId } = counted!
    try {
      await changeAll({
        changes: { ...asked, toChange: count, throughId },
        send: (changes) => changeClients(changes, abort.current.signal),
        onProgress: setChanged,
      })
      setDone(true)
    } finally {
      onWritten()
    }
  })
  const submit = (event: Event) => {
    event.preventDefault()
    // Enter only ever counts: the change is a click of its own.
    if (!counted) preview.run()
  }
  const back = counted && !done && !change.busy ? () => setCounted(undefined) : onClose
  return (
    <Dialog title={titleOf(counted, done)} open onClose={onClose}>
      <form noValidate onSubmit={submit}>
        {!counted && (
          <div class="form">
            <ActionError error={preview.error} />
            <ChangeFields values={values} filter={filter} onChange={setValues} />
          </div>
        )}
        {counted && (
          <div class="dialog-body" role="status">
            <ActionError error={change.error} />
            {done && <p>{plural(changed, 'client')} changed.</p>}
            {change.busy && <p>{formatCount(changed)} changed so far …</p>}
            {!done && !change.busy && <Question values={values} counted={counted} />}
          </div>
        )}
        <div class="dialog-foot">
          <button type="button" onClick={back}>
            {done ? 'Close' : change.busy ? 'Stop' : 'Back'}
          </button>
          {!counted && (
            <button type="submit" class="primary" disabled={preview.busy}>
              Count
            </button>
          )}
          {counted && !done && (
            <button
              type="button"
              class={values.what === 'optOut' ? 'danger' : 'primary'}
              disabled={change.busy || counted.toChange === 0}
              onClick={change.run}
            >
              {ACTIONS[values.what]} {formatCount(counted.toChange)}
            </button>
          )}
        </div>
      </form>
    </Dialog>
  )
}

function Question({ values, counted }: { values: ChangeValues; counted: ClientChangeCount }) {
  const { count, toChange: wanted } = counted
  const rest = count - wanted
  return (
    <>
      <p>
        {plural(count, 'client')} {count === 1 ? 'matches' : 'match'};{' '}
        {values.what === 'optOut' ? (
          <>
            <b>{formatCount(wanted)}</b> will get no messages any more.
          </>
        ) : (
          <>
            <b>{formatCount(wanted)}</b> will have {values.tag === '' ? 'no tag' : `the tag ${values.tag}`}.
          </>
        )}
      </p>
      <p class="quiet">
        {rest > 0 && `${formatCount(rest)} ${rest === 1 ? 'is' : 'are'} so already. `}
        {values.what === 'optOut'
          ? 'Only removing a phone from the suppression list takes this back, one at a time.'
          : 'The tags that they have now are kept nowhere.'}
      </p>
    </>
  )
}
