import { useState } from 'preact/hooks'
import { replayDeadLetter, type DeadLetter } from '../../api/dead-letters.ts'
import { useAction } from '../../data/use-action.ts'
import { ActionError } from '../../parts/action-error.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Field } from '../../parts/field.tsx'
import { wholePayload } from './payload-text.ts'

interface EditLetterProps {
  readonly letter: DeadLetter
  readonly onClose: () => void
  readonly onReplayed: () => void
}

/** Mends what a letter says, and replays it. The server checks it before anything is sent. */
export function EditLetter({ letter, onClose, onReplayed }: EditLetterProps) {
  const [before] = useState(() => wholePayload(letter, 'pretty'))
  const [text, setText] = useState(before)
  const replay = useAction(async () => {
    await replayDeadLetter(letter.id, text)
    onReplayed()
  })
  return (
    <Dialog title={`Edit dead letter ${letter.id}`} class="wide" open onClose={onClose}>
      <div class="dialog-body form">
        <ActionError error={replay.error} />
        <p class="letter-why">{letter.reason}</p>
        <Field label="Payload" hint="JSON. The letter itself stays as it is until this event is stored.">
          <textarea
            class="mono"
            rows={14}
            spellcheck={false}
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </Field>
      </div>
      <div class="dialog-foot">
        <button type="button" onClick={onClose}>
          Cancel
        </button>
        <button
          type="button"
          class="primary"
          disabled={replay.busy || text === before}
          onClick={() => replay.run()}
        >
          Replay as edited
        </button>
      </div>
    </Dialog>
  )
}
