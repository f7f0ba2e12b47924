import { previewAudience } from '../../api/audience.ts'
import type { Action } from '../../data/use-action.ts'
import { useResource } from '../../data/use-resource.ts'
import { plural } from '../../format/number.ts'
import { ActionError } from '../../parts/action-error.tsx'
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx'
import { toInput, type FormValues } from './form-values.ts'
import { SendingReview } from './sending-review.tsx'
import { toPreview } from './to-preview.ts'

interface ReviewDialogProps {
  /** Without problems. */
  readonly values: FormValues
  /** What creates the mailing, and how that is going. */
  readonly action: Action<never>
  readonly onConfirm: () => void
  readonly onClose: () => void
}

/** The step before a mailing is created that sends: shows what it would do, read anew, and asks. */
export function ReviewDialog({ values, action, onConfirm, onClose }: ReviewDialogProps) {
  const audience = useResource('review', (signal) => previewAudience(toPreview(values, Date.now()), signal))
  const { start, end, window = null, ratePerSecond = null } = toInput(values, false)
  const { data, error } = audience
  const later = values.startsLater
  return (
    <ConfirmDialog
      title={later ? 'Schedule this mailing?' : 'Send this mailing?'}
      open
      action={`${later ? 'Schedule' : 'Start sending'}${data ? ` to ${plural(data.count, 'client')}` : ''}`}
      danger={data !== undefined && data.warnings.length > 0}
      // Where it cannot be counted, a person decides.
      busy={action.busy || (data === undefined && error === undefined)}
      onConfirm={onConfirm}
      onClose={onClose}
    >
      <ActionError error={action.error} />
      <SendingReview
        terms={{ channel: values.channel, start, end, window, ratePerSecond }}
        audience={audience}
      />
    </ConfirmDialog>
  )
}
