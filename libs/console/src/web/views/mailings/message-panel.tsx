import { getMessage, type MessageWithAttempts } from '../../api/messages.ts'
import { useResource } from '../../data/use-resource.ts'
import { plural } from '../../format/number.ts'
import { Facts } from '../../parts/facts.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { SidePanel } from '../../parts/side-panel.tsx'
import { AttemptList } from './attempt-list.tsx'
import { explainReason } from './explain-reason.ts'
import { mailingHref } from './mailing-path.ts'
import { MessageBadge } from './message-badge.tsx'
import { Moment } from './moment.tsx'
import { MESSAGE_MEANINGS } from './statuses.ts'

const REFRESH_MS = 2000

/** Whatever may still change by itself is read again. */
function refreshMsOf({ status }: MessageWithAttempts): number | undefined {
  return status === 'pending' || status === 'retry' ? REFRESH_MS : undefined
}

/** One message, with every attempt to send it. */
export function MessagePanel({ id, onClose }: { id: string; onClose: () => void }) {
  const message = useResource(id, (signal) => getMessage(id, signal), { refreshMs: refreshMsOf })
  return (
    <SidePanel title={`Message ${id}`} onClose={onClose}>
      <Loaded resource={message}>
        {(data) => (
          <>
            <Details message={data} />
            <h3>{plural(data.attempts, 'attempt')}</h3>
            <AttemptList message={data} />
          </>
        )}
      </Loaded>
    </SidePanel>
  )
}

function Details({ message }: { message: MessageWithAttempts }) {
  const { mailingId, clientId, operatorCode, tag, status, reason, updatedAt } = message
  return (
    <Facts
      facts={[
        [
          'Status',
          <>
            <MessageBadge status={status} /> <span class="quiet">{MESSAGE_MEANINGS[status]}</span>
          </>,
        ],
        ['Reason', reason === null ? <span class="quiet">–</span> : explainReason(reason)],
        ['Changed', <Moment at={updatedAt} />],
        ['Mailing', <a href={mailingHref(mailingId)}>{mailingId}</a>],
        ['Client', <a href={`/console/clients?client=${clientId}`}>{clientId}</a>],
        ['Operator', operatorCode],
        ['Tag', tag || <span class="quiet">–</span>],
      ]}
    />
  )
}
