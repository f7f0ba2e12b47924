import { KINDS, type Kind } from '@runnel/contracts'
import { gzipSync } from 'node:zlib'
import type { SentEvent } from '../event-ledger.ts'
import { createPayload } from '../create-payload.ts'
import { parseEventId, type DeliveryMode } from '../delivery-modes.ts'
import { judgeAnswer, describeNoAnswer, type Outcome } from './judge-answer.ts'
import { deliver, type Clients } from './deliver.ts'

/** How one delivery mode uses HTTP. */
interface Shape {
  /** Requests a second. */
  readonly perSecond: number
  /** Events of a request. */
  readonly count: number
  readonly kinds: readonly Kind[]
}

export type HttpMode = Exclude<DeliveryMode, 'raw' | 'large' | 'fresh' | 'poison'>

/** All modes at once are some 250 events a second: the machine carries stores, apps and faults as well. */
export const HTTP_MODES: Readonly<Record<HttpMode, Shape>> = {
  single: { perSecond: 15, count: 1, kinds: KINDS },
  array: { perSecond: 4, count: 12, kinds: KINDS },
  ndjson: { perSecond: 3, count: 20, kinds: KINDS },
  gzip: { perSecond: 2, count: 20, kinds: KINDS },
  keyed: { perSecond: 15, count: 1, kinds: KINDS },
  stored: { perSecond: 6, count: 1, kinds: KINDS },
  versions: { perSecond: 8, count: 1, kinds: ['products'] },
}

/** Beyond the deadlines of ingest-api; a process that stands still is not waited for. */
const TIMEOUT_MS = 7000

/** @param urls of ingest-api replicas; every attempt goes to the next one */
export async function postEvents(
  clients: Clients,
  urls: readonly string[],
  events: readonly SentEvent[],
): Promise<void> {
  const { mode, kind, seq } = parseEventId(clients.ledger.run, events[0]!.id)!
  const { body, headers } = encode(clients.ledger.run, mode, events)
  await deliver(clients, events, async (attempt): Promise<Outcome> => {
    const url = urls[(seq + attempt) % urls.length]!
    const wait = waitsForRow(mode, seq) ? '?wait=stored' : ''
    try {
      const response = await fetch(`${url}/api/v1/${kind}${wait}`, {
        ...{ method: 'POST', headers, body },
        signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), clients.ended]),
      })
      return judgeAnswer(response.status, response.headers, await response.text())
    } catch (error) {
      return describeNoAnswer(error)
    }
  })
}

/** Of the versions every other one, so that answers say which of them came too late. */
function waitsForRow(mode: DeliveryMode, seq: number): boolean {
  return mode === 'stored' || (mode === 'versions' && seq % 2 === 0)
}

/** What goes over the wire; the same at each attempt. */
export function encode(
  run: string,
  mode: DeliveryMode,
  events: readonly SentEvent[],
): { readonly body: string | Uint8Array<ArrayBuffer>; readonly headers: Record<string, string> } {
  const items = events.map(({ id }) => JSON.stringify(createPayload(id, parseEventId(run, id)!)))
  const json = { 'content-type': 'application/json' }
  const ndjson = { 'content-type': 'application/x-ndjson' }
  if (mode === 'ndjson') return { body: items.join('\n'), headers: ndjson }
  if (mode === 'gzip')
    return {
      body: new Uint8Array(gzipSync(items.join('\n'))),
      headers: { ...ndjson, 'content-encoding': 'gzip' },
    }
  if (mode === 'single') return { body: items[0]!, headers: json }
  if (mode === 'array') return { body: `[${items.join(',')}]`, headers: json }
  return { body: items[0]!, headers: { ...json, 'idempotency-key': events[0]!.id } }
}
