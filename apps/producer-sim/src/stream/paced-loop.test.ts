import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { runPacedLoop } from './paced-loop.ts'

let stop: AbortController
let startMs: number
/** When each call came, in milliseconds from the start. */
let times: number[]

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick'] })
  stop = new AbortController()
  startMs = performance.now()
  times = []
})
afterEach(() => void jest.useRealTimers())

/** Time passes only when the test advances it. */
const nowMs = () => performance.now() - startMs

const run = (perSecond: () => number) => runPacedLoop(perSecond, () => void times.push(nowMs()), stop.signal)

describe('the paced loop', () => {
  it('fires at once, then at even distances', async () => {
    const running = run(() => 50)
    expect(times).toEqual([0])
    await jest.advanceTimersByTimeAsync(100)
    expect(times).toEqual([0, 20, 40, 60, 80, 100])
    stop.abort()
    await running
  })

  it('takes up another pace soon, also in the middle of a long wait', async () => {
    let perSecond = 0.1
    const running = run(() => perSecond)
    await jest.advanceTimersByTimeAsync(300)
    perSecond = 100
    expect(times).toHaveLength(1)
    // The first pace alone would make this 10 s.
    await jest.advanceTimersByTimeAsync(100)
    expect(times.length).toBeGreaterThan(1)
    stop.abort()
    await running
  })

  it('makes up for a second at most of what was missed', async () => {
    const running = run(() => 100)
    // Blocks the event loop, as a long garbage collection would.
    jest.advanceTimersByTime(1500)
    await jest.advanceTimersByTimeAsync(0)
    const atOnce = times.filter((at) => at === 1500)
    expect(times).toHaveLength(1 + atOnce.length)
    expect(atOnce).toHaveLength(101)
    stop.abort()
    await running
  })

  it('ends at an abort, whatever it waits for', async () => {
    const running = run(() => 0.1)
    stop.abort()
    await running
  })
})
