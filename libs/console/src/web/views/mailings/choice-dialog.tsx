import { useLocation } from 'preact-iso'
import { getAudience } from '../../api/audience.ts'
import { actOnMailing, approveMailing, deleteMailing, type Mailing } from '../../api/mailings.ts'
import { useAction } from '../../data/use-action.ts'
import { useResource } from '../../data/use-resource.ts'
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx'
import { ActionError } from '../../parts/action-error.tsx'
import { useToast } from '../../parts/toast.tsx'
import { CONFIRMATIONS, type ConfirmedChoice } from './mailing-choices.ts'
import { MAILINGS } from './mailing-path.ts'
import { mailingTitle } from './mailing-title.ts'
import { SendingReview } from './sending-review.tsx'

interface ChoiceDialogProps {
  readonly mailing: Mailing
  readonly choice: ConfirmedChoice
  readonly onClose: () => void
  readonly onDone: () => void
}

/** Asks before something is done to a mailing, does it, and says what came of it. */
export function ChoiceDialog({ mailing, choice, onClose, onDone }: ChoiceDialogProps) {
  const toast = useToast()
  const { route } = useLocation()
  const { title, action, effect, danger = false, done } = CONFIRMATIONS[choice]
  const act = useAction(async () => {
    if (choice === 'delete') {
      await deleteMailing(mailing.id)
      route(MAILINGS)
    } else {
      // What was read is approved, and nothing that came since.
      if (choice === 'approve') await approveMailing(mailing.id, mailing.version)
      else await actOnMailing(mailing.id, choice)
      onDone()
    }
    toast(`${done}: ${mailingTitle(mailing)}`)
  })
  return (
    <ConfirmDialog
      title={title}
      open
      action={action}
      danger={danger}
      busy={act.busy}
      onConfirm={act.run}
      onClose={onClose}
    >
      <ActionError error={act.error} />
      <p>
        <b>{mailingTitle(mailing)}</b>
      </p>
      <p>{effect}</p>
      {['schedule', 'approve'].includes(choice) && <Review mailing={mailing} />}
    </ConfirmDialog>
  )
}

function Review({ mailing }: { mailing: Mailing }) {
  const audience = useResource(String(mailing.id), (signal) => getAudience(mailing.id, signal))
  return <SendingReview terms={mailing} audience={audience} />
}
