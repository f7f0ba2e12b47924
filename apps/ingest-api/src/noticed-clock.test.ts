import { describe, expect, it } from '@jest/globals'
import { createNoticedClock } from './noticed-clock.ts'

const NOW = Date.UTC(2026, 10, 30, 12)
const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

/** An app whose wall clock is off, beside a database whose clock a test sets. */
function start(offMs = 0) {
  let monotonicMs = 5000
  let databaseMs = NOW
  let wallOffMs = offMs
  const clock = createNoticedClock({
    monotonicMs: () => monotonicMs,
    wallMs: () => databaseMs + wallOffMs,
  })
  const publish = (notice: unknown) => clock.receive(Buffer.from(JSON.stringify(notice)))
  return {
    clock,
    publish,
    pass: (ms: number) => {
      monotonicMs += ms
      databaseMs += ms
    },
    /** A consumer's notice, so many milliseconds late. */
    notice: (lateMs = 0, steady = true) => publish({ nowMs: databaseMs - lateMs, steady }),
    forge: (byMs: number, steady = true) => publish({ nowMs: databaseMs + byMs, steady }),
    setWall: (ms: number) => (wallOffMs = ms),
    errorMs: () => clock.nowMs() - databaseMs,
  }
}

describe("the database's time by notices", () => {
  it('is the wall clock until one comes, and is corrected by the first that moves it little', () => {
    const app = start(120_000)
    expect([app.errorMs(), app.clock.offsetMs()]).toEqual([120_000, undefined])
    app.notice()
    expect([app.errorMs(), app.clock.offsetMs()]).toEqual([0, 120_000])
  })

  it('goes on by itself while none comes, also where the wall clock jumps meanwhile', () => {
    const app = start(-3000)
    app.notice()
    app.setWall(DAY_MS)
    app.pass(3_600_000)
    expect([app.errorMs(), app.clock.offsetMs()]).toEqual([0, DAY_MS])
  })

  it('is never set back: a notice may be late', () => {
    const app = start()
    app.notice(900)
    expect(app.errorMs()).toBe(-900)
    app.pass(10_000)
    app.notice(100)
    expect(app.errorMs()).toBe(-100)
    app.pass(10_000)
    app.notice(1500)
    expect(app.errorMs()).toBe(-100)
  })

  it('is moved by hours only once several notices agree', () => {
    const app = start(-3 * 3_600_000)
    app.notice()
    expect(app.clock.offsetMs()).toBeUndefined()
    for (let i = 0; i < 2; i++) {
      app.pass(10_000)
      app.notice()
    }
    expect(app.errorMs()).toBe(0)
  })

  it('cannot be moved by a forged notice beside a consumer, however often it comes', () => {
    const app = start()
    app.notice()
    for (let i = 0; i < 600; i++) {
      app.pass(1000)
      if (i % 10 === 0) app.notice()
      app.forge((i * 700) % (2 * DAY_MS))
    }
    expect(app.errorMs()).toBeLessThanOrEqual(2000)
    expect(app.errorMs()).toBeGreaterThanOrEqual(0)
  })

  it('is moved by at most a day where only forged notices come', () => {
    const app = start()
    for (let i = 0; i < 1000; i++) {
      app.pass(10_000)
      app.forge(i * 3_600_000)
    }
    expect(app.errorMs()).toBeLessThanOrEqual(DAY_MS)
  })

  it.each([
    ['no JSON', '{'],
    ['null', 'null'],
    ['a list', '[]'],
    ['no time', '{"steady":true}'],
    ['a time as text', `{"nowMs":"${NOW}","steady":true}`],
    ['a time before clocks', '{"nowMs":5,"steady":true}'],
    ['a time after them', '{"nowMs":9007199254740991,"steady":true}'],
    ['no word on steadiness', `{"nowMs":${NOW}}`],
    ['more than a notice', `{"nowMs":${NOW},"steady":true,"more":"${'x'.repeat(300)}"}`],
  ])('ignores what is malformed: %s', (_, text) => {
    const app = start(1000)
    app.clock.receive(Buffer.from(text))
    expect(app.clock.offsetMs()).toBeUndefined()
  })

  it('takes only the replica out of service whose own clock is more than a day off', () => {
    const app = start(40 * DAY_MS)
    for (let i = 0; i < 3; i++) {
      app.notice()
      app.pass(10_000)
    }
    expect(app.clock.problem()).toContain('more than a day off')
    expect(app.clock.offsetMs()).toBe(40 * DAY_MS)
    app.setWall(0)
    app.notice()
    expect([app.clock.problem(), app.errorMs()]).toEqual([undefined, 0])
  })

  it("stays in service where it is the database's clock that jumped", () => {
    const app = start(-40 * DAY_MS)
    for (let i = 0; i < 3; i++) {
      app.notice(0, false)
      app.pass(10_000)
    }
    expect(app.clock.problem()).toBeUndefined()
    expect(app.errorMs()).toBe(-40 * DAY_MS)
  })

  it('is out of service while its clock shows a time that cannot be, until it is corrected', () => {
    const app = start(-NOW)
    expect(app.clock.problem()).toContain('certainly wrong')
    app.setWall(MINUTE_MS)
    expect(app.clock.problem()).toBeUndefined()
  })
})
