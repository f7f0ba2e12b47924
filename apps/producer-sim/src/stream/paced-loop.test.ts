import { describe, expect, it } from '@jest/globals'
import { runPacedLoop } from './paced-loop.ts'

/** Runs the loop until `fired` returns true. */
async function run(perSecond: () => number, fired: (count: number) => boolean): Promise<void> {
  const stop = new AbortController()
  let count = 0
  await runPacedLoop(perSecond, () => void (fired(++count) && stop.abort()), stop.signal)
}

describe('the paced loop', () => {
  it('fires at once, then at even distances', async () => {
    const startMs = performance.now()
    const times: number[] = []
    await run(
      () => 50,
      (count) => {
        times.push(performance.now() - startMs)
        return count === 6
      },
    )
    expect(times[0]).toBeLessThan(50)
    expect(times.at(-1)).toBeGreaterThan(95)
  })

  it('takes up another pace soon, also in the middle of a long wait', async () => {
    const startMs = performance.now()
    await run(
      () => (performance.now() - startMs < 100 ? 0.1 : 100),
      (count) => count === 5,
    )
    // The first pace alone would have made this 40 s.
    expect(performance.now() - startMs).toBeLessThan(5000)
  })

  it('makes up for a second at most of what was missed', async () => {
    let atOnce = 0
    let later = false
    await run(
      () => 100,
      (count) => {
        if (count === 1) {
          // Holds up everything, as a stop of the world would.
          const until = performance.now() + 1500
          while (performance.now() < until);
          setImmediate(() => (later = true))
        } else if (!later) atOnce++
        return later
      },
    )
    expect(atOnce).toBeGreaterThan(90)
    expect(atOnce).toBeLessThan(120)
  })

  it('ends at an abort, whatever it waits for', async () => {
    const stop = new AbortController()
    const loop = runPacedLoop(
      () => 0.1,
      () => undefined,
      stop.signal,
    )
    stop.abort()
    await loop
  })
})
