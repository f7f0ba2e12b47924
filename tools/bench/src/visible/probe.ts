import { setTimeout as sleep } from 'node:timers/promises'

/** Adds at most this to what is measured, and keeps the readers from being the load. */
const POLL_MS = 10
const LIMIT_MS = 20_000

let lastProbe = 0

/** A name that no metric has yet. */
export function nextProbeName(): string {
  return `probe.${++lastProbe}`
}

/** Asks query-api for a metric again and again, as a reader would. @returns whether it came in time */
export async function untilVisible(queryUrl: string, name: string): Promise<boolean> {
  const url = `${queryUrl}/api/v1/metrics/series?name=${name}&agg=count&step=1h`
  for (const deadline = performance.now() + LIMIT_MS; performance.now() < deadline; await sleep(POLL_MS)) {
    const response = await fetch(url)
    const text = await response.text()
    if (response.ok && text.includes('"value":1')) return true
  }
  return false
}
