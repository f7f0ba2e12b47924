import type { NatsConnection } from 'nats'
import { setTimeout as sleep } from 'node:timers/promises'
import { countUnsettled } from '../mailings/read-run-state.ts'
import type { Clients } from './load/deliver.ts'
import { lookAtStreams } from './load/publish-raw.ts'
import type { Violation } from './checks/violation.ts'
import type { World } from './test-environment.ts'

/** Clients with a key go on so long after healing: everything has to be taken by then. */
const TAKEN_MS = 30_000
/** For what was taken to be stored, and for mailings to end. */
const REST_MS = 90_000
const LOOK_MS = 250

/** Waits until every client has been answered. @returns what is wrong where some were not */
export async function untilTaken({ underWay }: Clients, over: AbortController): Promise<Violation[]> {
  for (const untilMs = Date.now() + TAKEN_MS; underWay.size > 0 && Date.now() < untilMs;) await sleep(LOOK_MS)
  const late = underWay.size
  over.abort()
  await Promise.all(underWay)
  const what = `requests under a key that were not taken ${TAKEN_MS} ms after healing`
  return late > 0 ? [{ what, ids: [], count: late }] : []
}

/** Waits until the broker holds nothing more and mailings are settled. @returns how often the broker has redelivered */
export async function untilAtRest(
  { stores }: World,
  nc: NatsConnection,
): Promise<{ readonly redeliveries: number; readonly violations: Violation[] }> {
  const untilMs = Date.now() + REST_MS
  let last = 'the broker does not tell'
  let redeliveries = 0
  while (Date.now() < untilMs) {
    const streams = await lookAtStreams(nc).catch(() => undefined)
    if (streams) {
      redeliveries = streams.redeliveries
      const unsettled = await countUnsettled(stores.postgres.url)
      if (streams.messages === 0 && unsettled === 0) return { redeliveries, violations: [] }
      last = `${streams.text}; ${unsettled} mailings are not settled`
    }
    await sleep(LOOK_MS)
  }
  const what = `not at rest after ${REST_MS} ms: ${last}`
  return { redeliveries, violations: [{ what, ids: [], count: 1 }] }
}
