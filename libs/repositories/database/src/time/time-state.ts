import type { MachineTime } from './machine-time.ts'

export const DAY_MS = 86_400_000

/** The database's clock went further than the time that is known to have passed. */
export interface TimeShift {
  /**
   * `jump`: the machine's own clocks say that less time passed. `gap`: Runnel was not running, and nothing says how much time
   * passed.
   */
  readonly kind: 'jump' | 'gap'
  readonly fromMs: number
  readonly toMs: number
}

type SuspensionReason = TimeShift['kind'] | 'removal'

/** Nothing is removed for now. */
export interface Suspension {
  readonly reason: SuspensionReason
  readonly sinceMs: number
  /** Milliseconds that a consumer has been running since. */
  readonly ranMs: number
}

/** What is known about time: one row, shared by all replicas. */
export interface TimeState {
  /** No event was given a higher time. Never falls. */
  readonly markMs: number
  /** The latest time of the database's clock that is believed; falls where a shift turns out to have been an error. */
  readonly knownMs: number
  /** Of the machine that wrote last. */
  readonly bootId: string | null
  readonly uptimeMs: number
  readonly suspension: Suspension | null
  /** However many days are due, they may be removed: a suspension has ended. */
  readonly lifted: boolean
  /** In order of time; at most {@link MAX_SHIFTS}. */
  readonly shifts: readonly TimeShift[]
  /** Days of events that wait for the end of the suspension. */
  readonly dueDays: number
}

export const MAX_SHIFTS = 100

/** @param nowMs the earliest time that is plausible */
export function createTimeState(nowMs: number, { bootId, uptimeMs }: MachineTime): TimeState {
  return {
    ...{ markMs: nowMs, knownMs: nowMs, bootId, uptimeMs },
    ...{ suspension: null, lifted: false, shifts: [], dueDays: 0 },
  }
}
