import { MESSAGE_STATUSES, type MailingStats } from '../../api/mailings.ts'
import { formatCount, formatPercent } from '../../format/number.ts'
import { Ago } from '../../parts/ago.tsx'
import { Card } from '../../parts/card.tsx'
import { formatRate } from './format-rate.ts'
import { MESSAGE_MEANINGS } from './statuses.ts'
import { StatusBar } from './status-bar.tsx'

interface ProgressCardProps {
  readonly stats: MailingStats
  /** The address of the messages with a status. */
  readonly hrefOf: (status: string) => string
}

/** How far a mailing is: a bar, and the numbers, which lead to the messages. */
export function ProgressCard({ stats, hrefOf }: ProgressCardProps) {
  const { total, counts } = stats
  const shown = MESSAGE_STATUSES.filter((status) => status === 'sent' || counts[status] > 0)
  return (
    <Card class="progress-card">
      <div class="progress-head">
        <p class="progress-share">
          <b>{total === 0 ? '–' : formatPercent(counts.sent / total)}</b> sent
          <span class="quiet"> of {formatCount(total)}</span>
        </p>
        <Speed stats={stats} />
      </div>
      <StatusBar total={total} counts={counts} />
      <ul class="status-counts">
        {shown.map((status) => (
          <li key={status} class={`status-${status}`}>
            <a href={hrefOf(status)} title={MESSAGE_MEANINGS[status]}>
              <b>{formatCount(counts[status])}</b>
              <span>
                <i class="dot" aria-hidden="true" />
                {status}
              </span>
            </a>
          </li>
        ))}
      </ul>
      {!stats.materialised && (
        <p class="quiet">
          Messages are still being created: {formatPercent(stats.materialisedShare)} of the clients have been
          looked at.
        </p>
      )}
    </Card>
  )
}

function Speed({ stats: { status, ratePerSecond, estimatedFinish } }: { stats: MailingStats }) {
  if (status !== 'running') return null
  return (
    <p class="quiet">
      {ratePerSecond === null ? 'The rate is known after a minute' : formatRate(ratePerSecond)}
      {estimatedFinish && (
        <>
          , done <Ago at={estimatedFinish} />
        </>
      )}
    </p>
  )
}
