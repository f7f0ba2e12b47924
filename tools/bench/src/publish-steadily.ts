import { setTimeout as sleep } from 'node:timers/promises'

const TICK_MS = 40

/**
 * Publishes at a steady rate, in small groups.
 *
 * @param publish given how many are due
 * @returns how many were published
 */
export async function publishSteadily(
  perSecond: number,
  seconds: number,
  publish: (count: number) => void,
): Promise<number> {
  const from = performance.now()
  const total = Math.floor(perSecond * seconds)
  let published = 0
  while (published < total) {
    await sleep(TICK_MS)
    const elapsedSeconds = Math.min(seconds, (performance.now() - from) / 1000)
    const due = Math.min(total, Math.floor(elapsedSeconds * perSecond)) - published
    if (due > 0) publish(due)
    published += due
  }
  return published
}
