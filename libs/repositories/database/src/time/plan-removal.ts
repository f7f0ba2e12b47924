import { DAY_MS, type TimeShift, type TimeState } from './time-state.ts'

/** More days than these at once are no day's normal work. */
const MAX_DAYS_AT_ONCE = 2

export interface RemovalPlan {
  /** Midnights (UTC) of the days to remove now. */
  readonly remove: readonly number[]
  /** Days that are due, whether or not they may be removed now. */
  readonly dueDays: number
  /** Days that only a person may have removed. */
  readonly heldDays: number
  /** More is due at once than a day's work: to be suspended. */
  readonly tooMany: boolean
}

/**
 * Which days of events are removed.
 *
 * @param days midnights of the days that exist
 * @param nowMs the database's time
 */
export function planRemoval(
  state: TimeState,
  days: readonly number[],
  nowMs: number,
  retentionDays: number,
): RemovalPlan {
  const cutMs = dayOf(timeBefore(nowMs, retentionDays * DAY_MS, state.shifts))
  const heldMs = heldBefore(state.shifts)
  const due = days.filter((day) => day < cutMs && day >= heldMs)
  const oldestMs = dayOf(nowMs) - retentionDays * DAY_MS
  const heldDays = days.filter((day) => day < oldestMs && day < heldMs).length
  const tooMany = state.suspension === null && !state.lifted && due.length > MAX_DAYS_AT_ONCE
  const stopped = tooMany || state.suspension !== null
  return { remove: stopped ? [] : due, dueDays: due.length, heldDays, tooMany }
}

/** @returns the day before which all days were made before a jump, and stay until a person confirms it */
export function heldBefore(shifts: readonly TimeShift[]): number {
  return dayOf(Math.max(...shifts.filter(({ kind }) => kind === 'jump').map(({ toMs }) => toMs)))
}

/**
 * The time from which on, up to now, so much time is known to have passed: what lies within shifts does not count.
 *
 * @param shifts in order of time
 */
export function timeBefore(nowMs: number, agoMs: number, shifts: readonly TimeShift[]): number {
  let timeMs = nowMs - agoMs
  for (const { fromMs, toMs } of shifts.toReversed()) if (toMs > timeMs) timeMs -= toMs - fromMs
  return timeMs
}

/** @returns midnight (UTC) of the day that a time lies in, in milliseconds since 1970 */
export function dayOf(timeMs: number): number {
  return Math.floor(timeMs / DAY_MS) * DAY_MS
}
