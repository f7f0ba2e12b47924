import { setTimeout as sleep } from 'node:timers/promises'
import { sendBody } from './send-body.ts'
import { createShopClients } from './shop-clients.ts'
import { createShopLogs } from './shop-logs.ts'
import { createShopMetrics } from './shop-metrics.ts'

/** Base URLs. */
export interface Apps {
  readonly ingest: string
  readonly dispatcher: string
  readonly simulator: string
  readonly query: string
}

const BATCH = 1000
const CLIENTS = 3000
const DAY_MS = 86_400_000
const LIMIT_MS = 120_000
const POLL_MS = 200
/** Part of the mailing that is sent when its picture is taken. */
const SHARE = 0.62

/** Fills an empty Runnel with a day of a shop. @returns the id of a mailing that is well under way */
export async function fillShop({ ingest, dispatcher, simulator, query }: Apps): Promise<number> {
  const nowMs = Date.now()
  for (const [kind, all] of [
    ['logs', createShopLogs(nowMs)],
    ['metrics', createShopMetrics(nowMs)],
  ] as const)
    for (let from = 0; from < all.length; from += BATCH)
      await sendBody(`${ingest}/api/v1/${kind}`, all.slice(from, from + BATCH))
  const file = createShopClients(CLIENTS)
  const report = await sendBody<{ rejected: number }>(`${dispatcher}/api/v1/clients/import`, file)
  if (report.rejected > 0) throw new Error(`clients were refused: ${JSON.stringify(report)}`)
  await change(`${simulator}/api/v1/gateway`, {
    probabilities: { '400': 0.03, '500': 0.04 },
    seed: 3,
    latencyMs: 20,
  })
  const { id } = await sendBody<{ id: number }>(`${dispatcher}/api/v1/mailings`, {
    name: 'Autumn sale: two days early',
    text: 'Hello {{ attributes.name }}, the autumn sale begins for you today. Code: AUTUMN-{{ attributes.order }}',
    end: new Date(nowMs + DAY_MS).toISOString(),
    ratePerSecond: 200,
  })
  await waitForShare(`${query}/api/v1/mailings/${id}/stats`, SHARE)
  return id
}

async function change(url: string, body: object): Promise<void> {
  const response = await fetch(url, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`)
}

async function waitForShare(url: string, share: number): Promise<void> {
  for (const until = Date.now() + LIMIT_MS; Date.now() < until; await sleep(POLL_MS)) {
    const response = await fetch(url)
    const { total, counts } = (await response.json()) as { total: number; counts: { sent: number } }
    if (total >= CLIENTS && counts.sent >= share * total) return
  }
  throw new Error(`the mailing was not sent in ${LIMIT_MS} ms`)
}
