import { describe, expect, it } from '@jest/globals'
import { judgeTime, markRate, RESERVED_MS, type TimeSample } from './judge-time.ts'
import { heldBefore, planRemoval, timeBefore } from './plan-removal.ts'
import { createTimeState, DAY_MS, type TimeState } from './time-state.ts'

const NOON = Date.UTC(2026, 10, 30, 12)
const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000

/** A machine with a database clock that a test moves. */
class Machine {
  state: TimeState
  #boot = 'first'
  #uptimeMs = HOUR_MS
  #ranMs = 0
  #beforeMs: number | undefined
  clockMs: number

  constructor(clockMs = NOON) {
    this.clockMs = clockMs
    this.state = createTimeState(clockMs, { bootId: this.#boot, uptimeMs: this.#uptimeMs, monotonicMs: 0 })
    this.check()
  }

  /** Time passes for both, and the clock is looked at. */
  pass(ms: number, stepMs = Math.min(ms, HOUR_MS)): this {
    for (let left = ms; left > 0; left -= stepMs) {
      this.#uptimeMs += stepMs
      this.clockMs += stepMs
      this.#ranMs += stepMs
      this.check()
    }
    return this
  }

  /** Time passes while no process looks. */
  sleep(ms: number): this {
    this.#uptimeMs += ms
    this.clockMs += ms
    return this.check()
  }

  /** A person sets the clock. */
  set(byMs: number): this {
    this.clockMs += byMs
    return this.check()
  }

  /** The process ends; nothing is known of the time until the next one. */
  stop(): this {
    this.#beforeMs = undefined
    return this
  }

  /** The machine is off. */
  off(ms: number): this {
    this.#beforeMs = undefined
    this.#boot = `after ${this.#boot}`
    this.#uptimeMs = MINUTE_MS
    this.clockMs += ms
    return this.check()
  }

  check(): this {
    const sample: TimeSample = {
      databaseMs: this.clockMs,
      machine: { bootId: this.#boot, uptimeMs: this.#uptimeMs, monotonicMs: this.#ranMs },
      uptimeBeforeMs: this.#beforeMs,
      ranMs: ({ sinceMs }) => Math.max(0, this.clockMs - sinceMs),
    }
    this.state = judgeTime(this.state, sample)
    this.#beforeMs = this.#uptimeMs
    return this
  }
}

const days = (fromMs: number, count: number) =>
  Array.from({ length: count }, (_, i) => Math.floor(fromMs / DAY_MS) * DAY_MS + i * DAY_MS)

const shiftsOf = ({ state }: Machine) =>
  state.shifts.map(({ kind, fromMs, toMs }) => [kind, Math.round((toMs - fromMs) / DAY_MS)])

describe('the time that is known to have passed', () => {
  it("is a day's normal work for a clock that runs: nothing is suspended", () => {
    const machine = new Machine()
    machine
      .pass(3 * DAY_MS)
      .stop()
      .sleep(6 * HOUR_MS)
      .pass(DAY_MS)
    expect(machine.state).toMatchObject({
      suspension: null,
      shifts: [],
      markMs: machine.clockMs + RESERVED_MS,
    })
  })

  it('follows small corrections of the clock without a word', () => {
    const machine = new Machine()
      .set(2 * MINUTE_MS)
      .pass(HOUR_MS)
      .set(-2 * MINUTE_MS)
      .pass(HOUR_MS)
    expect(machine.state).toMatchObject({ suspension: null, shifts: [] })
    expect(markRate(machine.state, machine.clockMs)).toBe(0)
  })

  it('shows a clock that jumps while it is watched, and one that is ahead at the next start', () => {
    expect(shiftsOf(new Machine().pass(HOUR_MS).set(40 * DAY_MS))).toEqual([['jump', 40]])
    const restarted = new Machine()
      .pass(HOUR_MS)
      .stop()
      .set(40 * DAY_MS)
    expect(shiftsOf(restarted)).toEqual([['jump', 40]])
    expect(restarted.state.suspension).toMatchObject({ reason: 'jump' })
  })

  it('calls a pause that nothing explains a gap, and a machine that slept neither', () => {
    const off = new Machine().pass(HOUR_MS).off(5 * DAY_MS)
    expect(shiftsOf(off)).toEqual([['gap', 5]])
    expect(off.state.suspension).toMatchObject({ reason: 'gap' })
    const slept = new Machine().pass(HOUR_MS).sleep(7 * DAY_MS)
    expect(slept.state).toMatchObject({ shifts: [], suspension: { reason: 'gap' } })
  })

  it('takes a jump back with the clock, and goes on as before', () => {
    const machine = new Machine()
      .pass(HOUR_MS)
      .set(40 * DAY_MS)
      .pass(HOUR_MS)
      .set(-40 * DAY_MS)
    expect(machine.state).toMatchObject({ suspension: null, shifts: [] })
    expect(Math.abs(machine.state.knownMs - machine.clockMs)).toBeLessThan(HOUR_MS)
    machine.pass(2 * HOUR_MS)
    expect(machine.state.suspension).toBeNull()
    // A second jump is seen as well, though the mark is still ahead of it.
    expect(shiftsOf(machine.set(20 * DAY_MS))).toEqual([['jump', 20]])
  })

  it('takes back as much of a jump as the clock goes back by', () => {
    const machine = new Machine()
      .pass(HOUR_MS)
      .set(40 * DAY_MS)
      .set(-10 * DAY_MS)
    expect(shiftsOf(machine)).toEqual([['jump', 30]])
    expect(machine.state.suspension).toMatchObject({ reason: 'jump' })
  })

  it('gives events the time of the mark while the clock is behind it, and never a lower mark', () => {
    const behind = new Machine().pass(HOUR_MS).off(-60 * DAY_MS)
    expect(markRate(behind.state, behind.clockMs)).toBe(1)
    const markMs = behind.state.markMs
    behind.pass(HOUR_MS)
    expect(behind.state.markMs).toBe(markMs + HOUR_MS)
    // Right again: no jump, for the mark explains it.
    behind.set(60 * DAY_MS + HOUR_MS)
    expect(behind.state).toMatchObject({ shifts: [], suspension: null, markMs: behind.clockMs + RESERVED_MS })
  })

  it('lets the clock catch up with a mark that an error set too high', () => {
    const machine = new Machine()
      .set(2 * DAY_MS)
      .pass(MINUTE_MS)
      .set(-2 * DAY_MS)
    expect(markRate(machine.state, machine.clockMs)).toBe(0.5)
    machine.pass(4 * DAY_MS + HOUR_MS)
    expect(markRate(machine.state, machine.clockMs)).toBe(0)
  })

  it('ends a suspension after 24 hours of running, and still holds what was made before the jump', () => {
    const machine = new Machine().set(40 * DAY_MS).pass(23 * HOUR_MS)
    expect(machine.state.suspension).not.toBeNull()
    machine.pass(2 * HOUR_MS)
    expect(machine.state).toMatchObject({ suspension: null, lifted: true, shifts: [{ kind: 'jump' }] })
    expect(heldBefore(machine.state.shifts)).toBe(Math.floor((NOON + 40 * DAY_MS) / DAY_MS) * DAY_MS)
  })

  it('keeps a bounded list of shifts, however often the clock jumps', () => {
    const machine = new Machine()
    for (let i = 0; i < 150; i++) machine.set(3 * DAY_MS)
    expect(machine.state.shifts).toHaveLength(100)
    expect(heldBefore(machine.state.shifts)).toBeGreaterThan(NOON + 448 * DAY_MS)
  })
})

describe('what is removed', () => {
  const state = (change: Partial<TimeState> = {}): TimeState => ({
    ...createTimeState(NOON, { bootId: null, uptimeMs: 0, monotonicMs: 0 }),
    ...change,
  })

  it('is the day past its retention, and nothing else', () => {
    const plan = planRemoval(state(), days(NOON - 31 * DAY_MS, 38), NOON, 30)
    expect(plan).toEqual({ remove: days(NOON - 31 * DAY_MS, 1), dueDays: 1, heldDays: 0, tooMany: false })
  })

  it('is nothing where more than two days would go at once, until that is allowed', () => {
    const made = days(NOON - 30 * DAY_MS, 31)
    expect(planRemoval(state(), made, NOON, 7)).toMatchObject({ remove: [], dueDays: 23, tooMany: true })
    expect(planRemoval(state({ lifted: true }), made, NOON, 7).remove).toHaveLength(23)
  })

  it('is nothing that was made before a jump, also once the suspension is over', () => {
    const shifts = [{ kind: 'jump', fromMs: NOON - 40 * DAY_MS, toMs: NOON }] as const
    const made = days(NOON - 70 * DAY_MS, 37)
    expect(planRemoval(state({ shifts, lifted: true }), made, NOON, 30)).toMatchObject({
      remove: [],
      heldDays: 37,
    })
  })

  it('counts the age of what was made before a gap without the gap', () => {
    const shifts = [{ kind: 'gap', fromMs: NOON - 40 * DAY_MS, toMs: NOON }] as const
    expect(timeBefore(NOON, 30 * DAY_MS, shifts)).toBe(NOON - 70 * DAY_MS)
    const made = days(NOON - 72 * DAY_MS, 33)
    expect(planRemoval(state({ shifts }), made, NOON, 30).remove).toEqual(days(NOON - 72 * DAY_MS, 2))
  })
})
