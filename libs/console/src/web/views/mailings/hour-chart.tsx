import { useMemo } from 'preact/hooks'
import { MESSAGE_STATUSES, type MailingStats } from '../../api/mailings.ts'
import { plural } from '../../format/number.ts'
import { Card } from '../../parts/card.tsx'
import { Histogram } from '../../parts/histogram.tsx'
import { toHours } from './to-hours.ts'

/** Messages that are done with, by hour and status. */
export function HourChart({ byHour }: Pick<MailingStats, 'byHour'>) {
  const buckets = useMemo(() => toHours(byHour), [byHour])
  const kinds = MESSAGE_STATUSES.filter((status) =>
    byHour.items.some(({ counts }) => counts[status] > 0),
  ).map((status) => ({ id: status, label: status, class: `status-${status}` }))
  return (
    <Card title="By hour">
      {buckets.length === 0 ? (
        <p class="quiet">Nothing has been sent yet.</p>
      ) : (
        <Histogram label="Messages by hour" buckets={buckets} kinds={kinds} />
      )}
      {byHour.rest && <p class="quiet">{plural(byHour.rest.total, 'message')} in earlier hours.</p>}
    </Card>
  )
}
