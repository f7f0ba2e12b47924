import { getMailingStats, type MailingSummary } from '../../api/mailings.ts'
import { useResource } from '../../data/use-resource.ts'
import { Ago } from '../../parts/ago.tsx'
import { formatRate } from './format-rate.ts'
import { hasEnded } from './statuses.ts'

const REFRESH_MS = 3000

/** How fast a mailing goes, and when it will be done; or when it was, or will begin. */
export function Pace({ mailing }: { mailing: MailingSummary }) {
  const { status, start, finishedAt } = mailing
  if (status === 'running') return <RunningPace id={mailing.id} />
  if (status === 'scheduled') {
    return (
      <span class="quiet">
        starts <Ago at={start} />
      </span>
    )
  }
  if (!hasEnded(status) || finishedAt === null) return null
  return (
    <span class="quiet">
      {status} <Ago at={finishedAt} />
    </span>
  )
}

function RunningPace({ id }: { id: number }) {
  const { data } = useResource(String(id), (signal) => getMailingStats(id, signal), { refreshMs: REFRESH_MS })
  if (!data || data.ratePerSecond === null) return <span class="quiet">measuring the rate</span>
  return (
    <>
      {formatRate(data.ratePerSecond)}
      {data.estimatedFinish && (
        <span class="quiet">
          , done <Ago at={data.estimatedFinish} />
        </span>
      )}
    </>
  )
}
