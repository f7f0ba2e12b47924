import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Outcome } from './target.ts'

export interface Measured {
  readonly outcome: Outcome
  /** The longest time for which nothing else had the event loop, in milliseconds. */
  readonly stretchMs: number
}

/**
 * Does some work and looks how long it holds the event loop. Counted is processor time of this thread, or time on the wall
 * where that is less: others on the machine make a stretch longer, and never shorter.
 */
export async function measure(work: () => unknown): Promise<Measured> {
  const watch = new StretchWatch()
  let outcome: Outcome
  try {
    const result = work()
    watch.turn()
    outcome = { value: result instanceof Promise ? await watchUntil(result, watch) : result }
  } catch (error) {
    watch.turn()
    outcome = { error }
  }
  return { outcome, stretchMs: watch.longestMs }
}

/** The least of three measurements: what happens each time is the work's own. */
export async function measureAgain(work: () => unknown): Promise<number> {
  let leastMs = Infinity
  for (let i = 0; i < 3; i++) leastMs = Math.min(leastMs, (await measure(work)).stretchMs)
  return leastMs
}

async function watchUntil<T>(result: Promise<T>, watch: StretchWatch): Promise<T> {
  let settled = false
  const settle = () => {
    settled = true
  }
  result.then(settle, settle)
  while (!settled) {
    await nextTurn()
    watch.turn()
  }
  return result
}

class StretchWatch {
  #wallMs = performance.now()
  #cpu = process.threadCpuUsage()
  longestMs = 0

  turn(): void {
    const wallMs = performance.now()
    if (wallMs - this.#wallMs > this.longestMs) {
      const { user, system } = process.threadCpuUsage(this.#cpu)
      this.longestMs = Math.max(this.longestMs, Math.min(wallMs - this.#wallMs, (user + system) / 1000))
    }
    this.#cpu = process.threadCpuUsage()
    this.#wallMs = performance.now()
  }
}
