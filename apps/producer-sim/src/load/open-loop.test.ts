import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { setImmediate as yieldToIo } from 'node:timers/promises'
import { runOpenLoop, type OpenLoopOptions } from './open-loop.ts'

/** A run whose calls end when they are released; time passes only when the test advances it. */
function startRun(options: OpenLoopOptions) {
  const counts = { scheduled: 0, dropped: 0 }
  const times: number[] = []
  const stop = new AbortController()
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  const fire = (scheduledMs: number) => {
    times.push(scheduledMs)
    return released
  }
  let ended = false
  const running = runOpenLoop(options, counts, fire, stop.signal).then(() => (ended = true))
  return { counts, times, stop, release, running, hasEnded: () => ended }
}

/** Lets what is due be done: the loop yields to answers between its calls. */
async function pass(ms: number): Promise<void> {
  await yieldToIo()
  for (let passedMs = 0; passedMs < ms; passedMs++) {
    await jest.advanceTimersByTimeAsync(1)
    await yieldToIo()
  }
}

describe('runOpenLoop', () => {
  beforeEach(() => void jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] }))
  afterEach(() => void jest.useRealTimers())

  it('fires at the scheduled times although no call has ended yet', async () => {
    const run = startRun({ perSecond: 100, durationMs: 200, maxOutstanding: 100 })
    await pass(89)
    expect(run.counts.scheduled).toBe(9)
    await pass(111)
    expect(run.counts).toEqual({ scheduled: 20, dropped: 0 })
    run.times.forEach((at, arrival) => expect(at - run.times[0]!).toBeCloseTo(arrival * 10, 3))
    expect(run.hasEnded()).toBe(false)
    run.release()
    await run.running
  })

  it('drops and counts what finds too many unanswered', async () => {
    const run = startRun({ perSecond: 200, durationMs: 100, maxOutstanding: 3 })
    await pass(100)
    expect({ fired: run.times.length, ...run.counts }).toEqual({ fired: 3, scheduled: 20, dropped: 17 })
    run.release()
    await run.running
  })

  it('ends at once when it is stopped, and awaits what was fired', async () => {
    const run = startRun({ perSecond: 1, durationMs: 60_000, maxOutstanding: 3 })
    await pass(0)
    run.stop.abort()
    await pass(0)
    expect(run.hasEnded()).toBe(false)
    run.release()
    await run.running
    expect(run.counts).toEqual({ scheduled: 1, dropped: 0 })
  })
})
