import type { Database } from '../database.ts'
import { partitionDays } from '../partitions.ts'
import type { DatabaseClock } from './database-clock.ts'
import { judgeTime, markRate, RESERVED_MS } from './judge-time.ts'
import { readMachineTime, type MachineTime } from './machine-time.ts'
import { DAY_MS, createTimeState, type Suspension, type TimeState } from './time-state.ts'
import { updateTimeState } from './time-store.ts'

export interface TimekeeperOptions {
  readonly database: Database
  readonly clock: DatabaseClock
  /** Days whose partitions exist in advance: by them a database without a mark shows when it was last used. */
  readonly aheadDays: number
  readonly machine?: () => MachineTime
}

/** The time of events, and what is known about the database's clock. */
export interface Timekeeper {
  /**
   * Milliseconds since 1970, for ids and versions: the database's time, or the mark's where that clock is far behind it. Before
   * the first {@link check} it is no better than the wall clock.
   */
  nowMs(): number
  /** Of the last check; undefined before the first. */
  readonly state: TimeState | undefined
  /** Compares the database's clock with the mark, and writes the mark. @throws what the driver throws */
  check(): Promise<TimeState>
}

/** To be asked every few seconds; events may be stored once it was asked for the first time. */
export function createTimekeeper(options: TimekeeperOptions): Timekeeper {
  const { database, clock, machine = readMachineTime } = options
  let state: TimeState | undefined
  let last: MachineTime | undefined
  let rate: 0 | 0.5 | 1 = 0
  const runs = createRunTimes()
  return {
    get state() {
      return state
    },
    nowMs: () => {
      if (!state || !last || rate === 0) return clock.nowMs()
      return state.markMs - RESERVED_MS + rate * (machine().monotonicMs - last.monotonicMs)
    },
    async check() {
      await clock.synchronise()
      const days = state ? [] : await partitionDays(database)
      const databaseMs = Math.round(clock.nowMs())
      const now = machine()
      const sample = {
        ...{ databaseMs, machine: now, uptimeBeforeMs: last?.uptimeMs },
        ranMs: (suspension: Suspension) => runs(suspension, now.monotonicMs),
      }
      state = await updateTimeState(database, (row) =>
        judgeTime(row ?? firstState(days, databaseMs, options.aheadDays), sample),
      )
      last = now
      rate = markRate(state, databaseMs)
      return state
    },
  }
}

/** A database that is older than the mark was last used when it made its newest partition, `aheadDays` in advance. */
function firstState(days: readonly number[], databaseMs: number, aheadDays: number): TimeState {
  const usedMs = Math.max(...days) - (aheadDays - 1) * DAY_MS
  const nowMs = days.length === 0 ? databaseMs : Math.min(databaseMs, usedMs)
  return createTimeState(nowMs, { bootId: null, uptimeMs: 0, monotonicMs: 0 })
}

/** Counts how long a suspension has been running; replicas that run at the same time count once. */
function createRunTimes(): (suspension: Suspension, monotonicMs: number) => number {
  let known: { readonly sinceMs: number; readonly beganMs: number } | undefined
  return ({ sinceMs, ranMs }, monotonicMs) => {
    if (known?.sinceMs !== sinceMs) known = { sinceMs, beganMs: monotonicMs - ranMs }
    return Math.max(ranMs, monotonicMs - known.beganMs)
  }
}
