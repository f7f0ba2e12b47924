import type { MachineTime } from './machine-time.ts'
import { DAY_MS, MAX_SHIFTS, type Suspension, type TimeShift, type TimeState } from './time-state.ts'

/** What one process sees at one moment. */
export interface TimeSample {
  readonly databaseMs: number
  readonly machine: MachineTime
  /** At the last sample of this process. */
  readonly uptimeBeforeMs: number | undefined
  /** How long a suspension that began at a moment has been running, as far as this process knows. */
  readonly ranMs: (suspension: Suspension) => number
}

/** While the clock is further behind the mark than this, events go on from the mark. */
export const BEHIND_MS = 5 * 60_000

/** The mark is so far ahead of the time of events: it covers those that come before it is written again. */
export const RESERVED_MS = 15_000

/** So long a consumer has to run before a suspension ends by itself. */
const SUSPENDED_MS = DAY_MS

/**
 * Judges the database's clock by the time that is known to have passed since the last sample. More than a day beyond that is a
 * shift, which suspends retention. Pure: called again with the same row it comes to the same.
 */
export function judgeTime(state: TimeState, sample: TimeSample): TimeState {
  const { bootId, uptimeMs } = sample.machine
  const passedMs = explainedMs(state, sample)
  const judged = judgeClock(state, sample.databaseMs, passedMs)
  const rate = markRate(judged, sample.databaseMs)
  const markMs =
    rate === 0
      ? Math.max(judged.markMs, sample.databaseMs + RESERVED_MS)
      : // A process that has just started does not know how much of the last reserve was used.
        judged.markMs + rate * (passedMs ?? 0) + (sample.uptimeBeforeMs === undefined ? RESERVED_MS : 0)
  return { ...agedSuspension(judged, sample.ranMs), ...{ bootId, uptimeMs, markMs } }
}

/** Milliseconds that have certainly passed since the row was written; undefined where nothing is known about it. */
function explainedMs(state: TimeState, { machine, uptimeBeforeMs }: TimeSample): number | undefined {
  const sameBoot = machine.bootId !== null && machine.bootId === state.bootId
  if (sameBoot && machine.uptimeMs >= state.uptimeMs) return machine.uptimeMs - state.uptimeMs
  // Another machine wrote last, after this process's last sample: a little too much, never too little.
  if (uptimeBeforeMs !== undefined) return Math.max(0, machine.uptimeMs - uptimeBeforeMs)
  return undefined
}

function judgeClock(state: TimeState, databaseMs: number, passedMs: number | undefined): TimeState {
  const expectedMs = state.knownMs + (passedMs ?? 0)
  if (databaseMs > expectedMs + DAY_MS) {
    const kind = passedMs === undefined ? 'gap' : 'jump'
    const shift: TimeShift = { kind, fromMs: expectedMs, toMs: databaseMs }
    return {
      ...state,
      knownMs: databaseMs,
      shifts: withShift(state.shifts, shift),
      suspension: suspend(state.suspension, kind, databaseMs),
    }
  }
  if (databaseMs < expectedMs - BEHIND_MS) return undoShifts({ ...state, knownMs: expectedMs }, databaseMs)
  // It slept, or ran without the database: time did pass, but much has become old at once.
  const slept = databaseMs > state.knownMs + DAY_MS
  const suspension = slept ? suspend(state.suspension, 'gap', databaseMs) : state.suspension
  return { ...state, suspension, knownMs: Math.max(state.knownMs, databaseMs) }
}

/** A jump is the graver reason, and begins a suspension anew. */
function suspend(current: Suspension | null, reason: TimeShift['kind'], sinceMs: number): Suspension {
  return current && reason === 'gap' ? current : { reason, sinceMs, ranMs: 0 }
}

/** The clock stepped back: as much of the last shifts as it went back by never happened. */
function undoShifts(state: TimeState, databaseMs: number): TimeState {
  const shifts = [...state.shifts]
  let { knownMs } = state
  while (knownMs > databaseMs && shifts.length > 0) {
    const last = shifts.pop()!
    const undoneMs = Math.min(knownMs - databaseMs, last.toMs - last.fromMs)
    knownMs -= undoneMs
    const toMs = last.toMs - undoneMs
    if (toMs > last.fromMs + DAY_MS) shifts.push({ ...last, toMs })
  }
  const left = shifts.length > 0 || state.suspension?.reason === 'removal'
  const undone = shifts.length < state.shifts.length
  return { ...state, knownMs, shifts, suspension: undone && !left ? null : state.suspension }
}

function withShift(shifts: readonly TimeShift[], shift: TimeShift): readonly TimeShift[] {
  if (shifts.length < MAX_SHIFTS) return [...shifts, shift]
  // A clock that jumps a hundred times: what came before the first of the last two stays held.
  const last = shifts.at(-1)!
  return [...shifts.slice(0, -1), { kind: 'jump', fromMs: last.fromMs, toMs: shift.toMs }]
}

function agedSuspension(state: TimeState, ranMs: TimeSample['ranMs']): TimeState {
  if (!state.suspension) return state
  const suspension = { ...state.suspension, ranMs: ranMs(state.suspension) }
  return suspension.ranMs >= SUSPENDED_MS
    ? { ...state, suspension: null, lifted: true }
    : { ...state, suspension }
}

/**
 * How fast events' time goes on from the mark, in parts of real time: 0 where it follows the clock. A clock that is behind what
 * is known does not slow it down. A mark that an error set too high waits for the clock at half speed: ids rise all the same.
 */
export function markRate({ markMs, knownMs }: TimeState, databaseMs: number): 0 | 0.5 | 1 {
  if (databaseMs >= markMs - BEHIND_MS) return 0
  return knownMs >= markMs - BEHIND_MS ? 1 : 0.5
}
