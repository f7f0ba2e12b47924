import { useState } from 'preact/hooks'
import { actOnMailing, type Mailing, type StatusCounts } from '../../api/mailings.ts'
import { useMissing } from '../../data/me.tsx'
import { useAction } from '../../data/use-action.ts'
import { ActionError } from '../../parts/action-error.tsx'
import { Needs } from '../../parts/needs.tsx'
import { useToast } from '../../parts/toast.tsx'
import { ChoiceDialog } from './choice-dialog.tsx'
import { choicesFor, scopesFor, type Choice } from './mailing-choices.ts'
import { MAILINGS, mailingHref } from './mailing-path.ts'
import { TestDialog } from './test-dialog.tsx'
import { RetryDialog } from './retry-dialog.tsx'

const LABELS: Readonly<Record<Choice, string>> = {
  approve: 'Approve',
  schedule: 'Schedule',
  unschedule: 'Back to draft',
  pause: 'Pause',
  resume: 'Resume',
  retry: 'Retry failed',
  test: 'Send a test',
  edit: 'Edit',
  copy: 'Copy',
  cancel: 'Cancel',
  delete: 'Delete',
}

interface MailingActionsProps {
  readonly mailing: Mailing
  readonly counts: StatusCounts | undefined
  readonly onDone: () => void
}

/** What may be done to a mailing, by its status. */
export function MailingActions({ mailing, counts, onDone }: MailingActionsProps) {
  const [chosen, setChosen] = useState<Exclude<Choice, 'edit' | 'copy' | 'pause'>>()
  const toast = useToast()
  const pause = useAction(async () => {
    await actOnMailing(mailing.id, 'pause')
    toast('Paused: no more messages are sent until it is resumed')
    onDone()
  })
  const close = () => setChosen(undefined)
  const done = () => {
    close()
    onDone()
  }
  const links = { edit: mailingHref(mailing.id, '/edit'), copy: `${MAILINGS}/new?from=${mailing.id}` }
  const choices = choicesFor(mailing, counts, Date.now())
  const missing = useMissing([...new Set(choices.flatMap((choice) => scopesFor(choice, mailing)))])
  const mayChoose = (choice: Choice) => scopesFor(choice, mailing).every((scope) => !missing.includes(scope))
  return (
    <>
      {choices.filter(mayChoose).map((choice) =>
        choice === 'edit' || choice === 'copy' ? (
          <a key={choice} class="button" href={links[choice]}>
            {LABELS[choice]}
          </a>
        ) : (
          <button
            key={choice}
            type="button"
            class={['approve', 'schedule', 'resume'].includes(choice) ? 'primary' : undefined}
            disabled={choice === 'pause' && pause.busy}
            onClick={() => (choice === 'pause' ? pause.run() : setChosen(choice))}
          >
            {LABELS[choice]}
          </button>
        ),
      )}
      <ActionError error={pause.error} />
      {missing.length > 0 && <Needs scope={missing}>{null}</Needs>}
      {chosen === 'retry' && counts && (
        <RetryDialog id={mailing.id} counts={counts} onClose={close} onDone={done} />
      )}
      {chosen === 'test' && <TestDialog mailing={mailing} onClose={close} />}
      {chosen && chosen !== 'retry' && chosen !== 'test' && (
        <ChoiceDialog key={chosen} mailing={mailing} choice={chosen} onClose={close} onDone={done} />
      )}
    </>
  )
}
