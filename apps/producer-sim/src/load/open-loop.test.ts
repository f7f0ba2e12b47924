import { describe, expect, it } from '@jest/globals'
import { setTimeout as sleep } from 'node:timers/promises'
import { runOpenLoop } from './open-loop.ts'

const never = new AbortController().signal

describe('runOpenLoop', () => {
  it('fires at the scheduled times although no call has ended yet', async () => {
    const counts = { scheduled: 0, dropped: 0 }
    const times: number[] = []
    const options = { perSecond: 100, durationMs: 200, maxOutstanding: 100 }
    await runOpenLoop(
      options,
      counts,
      async (at) => {
        times.push(at)
        await sleep(300)
      },
      never,
    )
    expect(counts).toEqual({ scheduled: 20, dropped: 0 })
    times.forEach((at, arrival) => expect(at - times[0]!).toBeCloseTo(arrival * 10, 3))
  })

  it('drops and counts what finds too many unanswered', async () => {
    const counts = { scheduled: 0, dropped: 0 }
    let fired = 0
    const options = { perSecond: 200, durationMs: 100, maxOutstanding: 3 }
    await runOpenLoop(
      options,
      counts,
      async () => {
        fired++
        await sleep(500)
      },
      never,
    )
    expect({ fired, ...counts }).toEqual({ fired: 3, scheduled: 20, dropped: 17 })
  })

  it('ends at once when it is stopped, and awaits what was fired', async () => {
    const counts = { scheduled: 0, dropped: 0 }
    let ended = 0
    const stop = new AbortController()
    const options = { perSecond: 1, durationMs: 60_000, maxOutstanding: 3 }
    const running = runOpenLoop(
      options,
      counts,
      async () => {
        await sleep(50)
        ended++
      },
      stop.signal,
    )
    await sleep(10)
    stop.abort()
    await running
    expect({ ended, ...counts }).toEqual({ ended: 1, scheduled: 1, dropped: 0 })
  })
})
