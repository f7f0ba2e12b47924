/** Time, for a sender. */
export interface Clock {
  /** Milliseconds since 1970. */
  nowMs(): number
  /** Milliseconds of a clock that is never set. */
  elapsedMs(): number
  /** @returns what stops the timer */
  setTimer(callback: () => void, ms: number): () => void
}

/** What a timer of Node.js can be set to. */
const MAX_TIMER_MS = 2 ** 31 - 1

/** Timers keep the process alive: what is queued is sent before it ends by itself. */
export const SYSTEM_CLOCK: Clock = {
  nowMs: Date.now,
  elapsedMs: () => performance.now(),
  setTimer: (callback, ms) => {
    const timer = setTimeout(callback, Math.min(ms, MAX_TIMER_MS))
    return () => clearTimeout(timer)
  },
}

/** Resolves after a while, or at once when the signal aborts. */
export function sleep(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const stopTimer = clock.setTimer(() => {
      signal.removeEventListener('abort', onAbort)
      resolve()
    }, ms)
    const onAbort = () => {
      stopTimer()
      resolve()
    }
    signal.addEventListener('abort', onAbort, { once: true })
  })
}
