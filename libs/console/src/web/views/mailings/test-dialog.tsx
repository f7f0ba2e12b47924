import { useLocation } from 'preact-iso'
import { useRef, useState } from 'preact/hooks'
import { sendTest, type Mailing } from '../../api/mailings.ts'
import { useAction } from '../../data/use-action.ts'
import { ActionError } from '../../parts/action-error.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { useToast } from '../../parts/toast.tsx'
import { TokenField } from '../../parts/token-field.tsx'
import { mailingHref } from './mailing-path.ts'
import { createRequestKeys } from './request-keys.ts'

interface TestDialogProps {
  readonly mailing: Mailing
  readonly onClose: () => void
}

/** Sends a mailing to a few clients first, and shows what became of that. */
export function TestDialog({ mailing, onClose }: TestDialogProps) {
  const [phones, setPhones] = useState<readonly string[]>([])
  const { route } = useLocation()
  const toast = useToast()
  const keys = useRef(createRequestKeys())
  const send = useAction(async () => {
    const test = await sendTest(mailing.id, phones, keys.current(phones.join(' ')))
    toast('The test is being sent')
    route(mailingHref(test.id))
  })
  return (
    <Dialog title="Send a test" open onClose={onClose}>
      <div class="dialog-body form">
        <ActionError error={send.error} />
        <p>
          The text as it is saved now is sent at once to these clients, as a real message. It counts in no
          statistics of the mailing.
        </p>
        <TokenField
          label="Phones"
          values={phones}
          placeholder="Phone of a client"
          hint="Press Enter to add a phone. Each has to belong to a client: create one for yourself."
          onChange={setPhones}
        />
      </div>
      <div class="dialog-foot">
        <button type="button" onClick={onClose}>
          Close
        </button>
        <button
          type="button"
          class="primary"
          disabled={send.busy || phones.length === 0}
          onClick={() => send.run()}
        >
          Send the test
        </button>
      </div>
    </Dialog>
  )
}
