import { gzipSync } from 'node:zlib'
import type { SentEvent } from '../event-ledger.ts'
import { createPayload } from '../create-payload.ts'
import { parseEventId, type DeliveryMode } from '../delivery-modes.ts'
import { judgeAnswer, describeNoAnswer, type Outcome } from './judge-answer.ts'
import { deliver, type Clients } from './deliver.ts'

/** Beyond the deadlines of ingest-api; a process that stands still is not waited for. */
export const TIMEOUT_MS = 7000

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
