import type { Clock } from '../src/index.ts'

/** A clock that stands still until it is told to run. */
export interface VirtualClock extends Clock {
  /** Lets everything that is due happen, timer by timer, until the promise is settled. @throws Error where nothing is left that could */
  runUntil<T>(promise: Promise<T>): Promise<T>
  /** Lets everything that is due within the next `ms` happen. */
  advance(ms: number): Promise<void>
}

export function createVirtualClock(startMs = Date.UTC(2030, 0, 1)): VirtualClock {
  let now = startMs
  const timers = new Set<{ readonly atMs: number; readonly callback: () => void }>()
  const next = () => [...timers].sort((a, b) => a.atMs - b.atMs)[0]
  const fire = async (limitMs: number) => {
    await settleMicrotasks()
    const timer = next()
    if (timer === undefined || timer.atMs > limitMs) return false
    timers.delete(timer)
    now = Math.max(now, timer.atMs)
    timer.callback()
    return true
  }
  return {
    nowMs: () => now,
    elapsedMs: () => now - startMs,
    setTimer: (callback, ms) => {
      const timer = { atMs: now + ms, callback }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    runUntil: async (promise) => {
      let isSettled = false
      const settled = promise.finally(() => (isSettled = true))
      settled.catch(() => {})
      while (!isSettled && (await fire(Infinity)));
      await settleMicrotasks()
      if (!isSettled) throw new Error('Nothing is left to wait for')
      return settled
    },
    advance: async (ms) => {
      const limitMs = now + ms
      while (await fire(limitMs));
      now = limitMs
    },
  }
}

/** What was resolved goes on, however many steps it takes: fetch and streams of the tests need no other turn. */
async function settleMicrotasks(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise<void>((resolve) => setImmediate(resolve))
}
