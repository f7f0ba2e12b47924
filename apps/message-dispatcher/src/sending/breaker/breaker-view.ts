import type { ProviderChange, ProviderState } from '@runnel/repositories-mailings'

/** What this replica knows of the shared state. Times are this process's monotonic milliseconds. */
export interface BreakerView {
  readonly state: ProviderState['state']
  readonly reason: string | null
  readonly step: number
  readonly version: number
  readonly changedAt: number
  readonly probeAt: number
  /** Until then a replica holds the probe. */
  readonly heldUntil: number
  readonly pausedUntil: number
}

/** The state that is assumed before anything was read. */
export const UNREAD: BreakerView = {
  ...{ state: 'closed', reason: null, step: 0, version: 0 },
  ...{ changedAt: 0, probeAt: 0, heldUntil: 0, pausedUntil: 0 },
}

/** @param pausedUntil known to this replica, which has not written it yet; else 0 */
export function viewOf(row: ProviderState, now: number, pausedUntil: number): BreakerView {
  return {
    ...{ state: row.state, reason: row.reason, step: row.step, version: row.version },
    changedAt: now - row.ageMs,
    probeAt: now + row.probeInMs,
    heldUntil: now + row.probeHeldMs,
    pausedUntil: Math.max(pausedUntil, now + row.pausedMs),
  }
}

/** The view as it will be once the change is written. */
export function viewAfter(view: BreakerView, change: ProviderChange, now: number): BreakerView {
  const { state, reason, step, probeInMs } = change
  return { ...view, state, reason, step, changedAt: now, probeAt: now + probeInMs, heldUntil: now }
}
