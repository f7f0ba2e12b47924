import { formatClock } from '../../format/time.ts'

/** When what is shown was read; it is no news any more once reading fails. */
export function Updated({ atMs, failed }: { atMs: number | undefined; failed: boolean }) {
  if (atMs === undefined) return null
  const at = new Date(atMs).toISOString()
  return (
    <p class={failed ? 'warn-text' : 'quiet'}>
      {failed ? 'As it was at ' : 'Updated '}
      <time dateTime={at} class="number">
        {formatClock(atMs)}
      </time>
    </p>
  )
}
