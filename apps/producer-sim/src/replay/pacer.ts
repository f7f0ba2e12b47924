import { setTimeout as sleep } from 'node:timers/promises'

/** Resolves when `count` events may go. */
export type Pacer = (count: number, signal: AbortSignal) => Promise<void>

/** @param perSecond events per second on average; undefined for as fast as it goes */
export function createPacer(perSecond: number | undefined): Pacer {
  if (perSecond === undefined) return () => Promise.resolve()
  let freeAtMs = performance.now()
  return async (count, signal) => {
    const nowMs = performance.now()
    const startMs = Math.max(nowMs, freeAtMs)
    freeAtMs = startMs + (count / perSecond) * 1000
    if (startMs > nowMs) await sleep(startMs - nowMs, undefined, { signal })
  }
}
