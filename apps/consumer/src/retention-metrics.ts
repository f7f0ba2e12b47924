import { gauge, type Metrics } from '@runnel/observability'
import type { Timekeeper } from '@runnel/repositories-database'

const REASONS = ['jump', 'gap', 'removal'] as const

/**
 * For how long events are kept, and whether old ones are being removed: looked up at each scrape; left out before the first check of the
 * clock.
 */
export function exposeRetention(
  metrics: Metrics,
  timekeeper: Pick<Timekeeper, 'state'>,
  retentionDays: number,
): void {
  gauge(metrics, 'runnel_retention_days', 'Days that events are kept: RETENTION_DAYS', []).set(retentionDays)
  gauge(
    metrics,
    'runnel_retention_suspended',
    'Whether the removal of old events is suspended, by reason; jump: also while days from before it are kept',
    ['reason'],
    (shown) => {
      const { state } = timekeeper
      shown.reset()
      if (!state) return
      const jumped = state.shifts.some(({ kind }) => kind === 'jump')
      for (const reason of REASONS) {
        const on = state.suspension?.reason === reason || (reason === 'jump' && jumped)
        shown.set({ reason }, on ? 1 : 0)
      }
    },
  )
  gauge(
    metrics,
    'runnel_retention_waiting_days',
    'Days of events that are older than RETENTION_DAYS and still kept',
    [],
    (shown) => {
      if (timekeeper.state) shown.set(timekeeper.state.dueDays)
      else shown.remove()
    },
  )
}
