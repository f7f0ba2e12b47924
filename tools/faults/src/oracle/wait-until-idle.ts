import { setTimeout as sleep } from 'node:timers/promises'
import { countUnsettled } from '../mailings/read-run-state.ts'
import type { Clients } from './load/deliver.ts'
import type { RawProducer } from './load/raw-producer.ts'
import type { Violation } from './checks/violation.ts'
import type { TestEnvironment } from './test-environment.ts'

/** Clients with a key go on so long after healing: everything has to be acknowledged by then. */
const ANSWERED_MS = 30_000
/** For what was acknowledged to be stored, and for mailings to end. */
const IDLE_MS = 90_000
const LOOK_MS = 250

/** Waits until every client has been answered. @returns what is wrong where some were not */
export async function waitUntilAnswered({ underWay }: Clients, ended: AbortController): Promise<Violation[]> {
  for (const untilMs = Date.now() + ANSWERED_MS; underWay.size > 0 && Date.now() < untilMs;)
    await sleep(LOOK_MS)
  const late = underWay.size
  ended.abort()
  await Promise.all(underWay)
  const what = `requests under a key that were not acknowledged ${ANSWERED_MS} ms after healing`
  return late > 0 ? [{ what, ids: [], count: late }] : []
}

/** Waits until the broker holds nothing more and mailings are settled. @returns how often the broker has redelivered */
export async function waitUntilIdle(
  { stores }: TestEnvironment,
  producer: RawProducer,
): Promise<{ readonly redeliveries: number; readonly violations: Violation[] }> {
  const untilMs = Date.now() + IDLE_MS
  let last = 'the broker is unreachable'
  let redeliveries = 0
  while (Date.now() < untilMs) {
    const queues = await producer.readQueues().catch(() => undefined)
    if (queues) {
      redeliveries = queues.redeliveries
      const unsettled = await countUnsettled(stores.postgres.url).catch(() => undefined)
      if (queues.messages === 0 && unsettled === 0) return { redeliveries, violations: [] }
      last = `${queues.text}; ${unsettled ?? 'PostgreSQL is unreachable, unknown how many'} mailings are not settled`
    }
    await sleep(LOOK_MS)
  }
  const what = `not at rest after ${IDLE_MS} ms: ${last}`
  return { redeliveries, violations: [{ what, ids: [], count: 1 }] }
}
