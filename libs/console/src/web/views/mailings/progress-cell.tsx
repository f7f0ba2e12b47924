import { MESSAGE_STATUSES, type MailingSummary } from '../../api/mailings.ts'
import { formatCount } from '../../format/number.ts'
import { StatusBar } from './status-bar.tsx'

/** How far a mailing is: sent of all, and what else there is, by colour and word. */
export function ProgressCell({ total, counts, materialised, status }: MailingSummary) {
  if (total === 0) return <span class="quiet">{materialised ? 'no clients' : notYet(status)}</span>
  const others = MESSAGE_STATUSES.filter((name) => name !== 'sent' && counts[name] > 0)
  return (
    <div class="progress-cell">
      <StatusBar total={total} counts={counts} />
      <div class="progress-words">
        <span>
          <b>{formatCount(counts.sent)}</b> / {formatCount(total)} sent
        </span>
        {others.map((name) => (
          <span key={name} class={`status-${name}`}>
            <i class="dot" aria-hidden="true" />
            {formatCount(counts[name])} {name}
          </span>
        ))}
      </div>
    </div>
  )
}

function notYet(status: MailingSummary['status']): string {
  return status === 'running' ? 'is being prepared' : 'not started'
}
