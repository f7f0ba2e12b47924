import { pause } from '@runnel/runtime'

/** So soon a change of the pace shows, in milliseconds. */
const LOOK_MS = 200
/** What was missed because this process was busy is made up for; a suspended machine does not come back with a flood. */
const MAX_LAG_MS = 1000

/**
 * Calls `fire` at an even pace until aborted, beginning at once.
 *
 * @param perSecond asked again at least every 200 ms
 * @param fire must not throw, and must return at once
 */
export async function runPacedLoop(
  perSecond: () => number,
  fire: () => void,
  signal: AbortSignal,
): Promise<void> {
  let lastMs = performance.now() - 1000 / perSecond()
  while (!signal.aborted) {
    const dueMs = lastMs + 1000 / perSecond()
    const nowMs = performance.now()
    if (dueMs > nowMs) {
      // Only an abort rejects, and ends the loop.
      await pause(Math.min(dueMs - nowMs, LOOK_MS), signal)
      continue
    }
    lastMs = Math.max(dueMs, nowMs - MAX_LAG_MS)
    fire()
  }
}
