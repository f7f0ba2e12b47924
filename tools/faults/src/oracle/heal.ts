import { KINDS, type Kind } from '@runnel/contracts'
import { setTimeout as sleep } from 'node:timers/promises'
import { ensure } from '../ensure.ts'
import { sendRequest } from '../send-request.ts'
import { PASS } from '../proxy/tcp-proxy.ts'
import type { Clients } from './load/deliver.ts'
import { postEvents } from './load/post-events.ts'
import { freshProduct, traceOf } from './create-payload.ts'
import { parseEventId } from './delivery-modes.ts'
import { waitUntilAnswering, type TestEnvironment } from './test-environment.ts'

/** For processes to answer that may have been started just now, on a machine with much to do. */
const START_MS = 60_000
/** How soon after healing a fresh event has to be seen. */
const FRESH_MS = 5000
const LOOK_MS = 50

/** Everything is well: lines carry, the gateway answers, every process is there. @throws BrokenPromiseError when one is not */
export async function heal({ lines, apps, gateway, disk }: TestEnvironment): Promise<void> {
  disk?.clear()
  for (const app of apps.values()) app.stepClock(0)
  for (const line of lines.values()) line.set(PASS)
  await gateway.patch({ mode: 'ok' })
  await waitUntilAnswering(apps.values(), START_MS, '/healthz')
}

/**
 * Sends a fresh event of each kind, and waits until query-api shows it.
 *
 * @returns milliseconds that each kind took
 * @throws BrokenPromiseError when one takes longer than {@link FRESH_MS}
 */
export async function checkFresh(
  clients: Clients,
  ingestUrls: readonly string[],
  queryUrl: string,
): Promise<Record<Kind, number>> {
  const beganMs = performance.now()
  const times = await Promise.all(
    KINDS.map(async (kind) => {
      const event = clients.ledger.add('fresh', kind)
      const { seq } = parseEventId(clients.ledger.run, event.id)!
      const sent = postEvents(clients, ingestUrls, [event])
      const path = pathOf(kind, event.id, seq)
      while (!(await shows(queryUrl + path, event.id))) {
        const tookMs = performance.now() - beganMs
        const answer = `${event.attempts} attempts, last answer ${event.lastAnswer}`
        ensure(tookMs < FRESH_MS, `fresh ${kind} are not visible ${FRESH_MS} ms after healing (${answer})`)
        await sleep(LOOK_MS)
      }
      await sent
      return [kind, Math.round(performance.now() - beganMs)] as const
    }),
  )
  return Object.fromEntries(times) as Record<Kind, number>
}

function pathOf(kind: Kind, id: string, seq: number): string {
  if (kind === 'logs') return `/api/v1/logs?limit=1&attr.oracle=${id}`
  if (kind === 'products') return `/api/v1/products/${freshProduct(seq)}`
  if (kind === 'traces') return `/api/v1/traces/${traceOf(id).traceId}`
  return `/api/v1/metrics/series?name=${id}&agg=avg&step=1h`
}

async function shows(url: string, id: string): Promise<boolean> {
  const { status, body } = await sendRequest(url).catch(() => ({ status: 0, body: '' }))
  if (status !== 200) return false
  return url.includes('/series?') ? /"value":\d/.test(body) : body.includes(id)
}
