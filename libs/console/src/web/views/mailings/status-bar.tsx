import { MESSAGE_STATUSES, type Counted } from '../../api/mailings.ts'
import { countsInWords } from './statuses.ts'

/** Messages by status as one bar. The words are for who cannot see it. */
export function StatusBar({ total, counts }: Counted) {
  return (
    <div class="status-bar" role="img" aria-label={countsInWords(counts)}>
      {MESSAGE_STATUSES.filter((status) => counts[status] > 0).map((status) => (
        <span key={status} class={`status-${status}`} style={{ flexGrow: counts[status] / total }} />
      ))}
    </div>
  )
}
