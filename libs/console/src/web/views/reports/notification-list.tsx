import { sendAgain, type Notification } from '../../api/reports.ts'
import { useAction } from '../../data/use-action.ts'
import { ActionError } from '../../parts/action-error.tsx'
import { Needs } from '../../parts/needs.tsx'
import { Time } from '../../parts/time.tsx'
import { useToast } from '../../parts/toast.tsx'
import { NotificationState } from './notification-state.tsx'

interface NotificationListProps {
  readonly notifications: readonly Notification[]
  readonly onSent: () => void
}

/** Addresses that were notified, and a button for what did not arrive, or perhaps not. */
export function NotificationList({ notifications, onSent }: NotificationListProps) {
  return (
    <ul class="notifications">
      {notifications.map((notification) => (
        <NotificationItem key={notification.id} notification={notification} onSent={onSent} />
      ))}
    </ul>
  )
}

function NotificationItem({ notification, onSent }: { notification: Notification; onSent: () => void }) {
  const { id, target, state, reason, attempts, nextAttemptAt } = notification
  const toast = useToast()
  const again = useAction(async () => {
    await sendAgain(id)
    toast(`Sent again to ${target}`)
    onSent()
  })
  const mayAgain = state === 'failed' || state === 'in_doubt'
  return (
    <li>
      <NotificationState state={state} /> {target}{' '}
      {mayAgain && (
        <Needs scope="system:write">
          <button
            type="button"
            disabled={again.busy}
            aria-label={`Send again to ${target}`}
            onClick={again.run}
          >
            Send again
          </button>
        </Needs>
      )}
      {state === 'in_doubt' && (
        <p class="quiet">It may have arrived. Ask {target} before it is sent again.</p>
      )}
      {reason && <p class="quiet">{reason}</p>}
      {nextAttemptAt && attempts > 0 && (
        <p class="quiet">
          Next attempt: <Time at={nextAttemptAt} />
        </p>
      )}
      <ActionError error={again.error} />
    </li>
  )
}
