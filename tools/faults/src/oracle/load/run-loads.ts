import type { Kind } from '@runnel/contracts'
import { pause } from '@runnel/runtime'
import { isProtocolMode } from '../delivery-modes.ts'
import type { Clients } from './deliver.ts'
import { pacesOf, type PacedMode, type Rates } from './paced-modes.ts'
import { postAsClient } from './post-as-client.ts'
import { postEvents } from './post-events.ts'
import { publishRaw } from './publish-raw.ts'
import type { RawProducer } from './raw-producer.ts'

/** Requests of one mode that may be unanswered; beyond that none is sent, as with any client of few connections. */
const MAX_OUTSTANDING = 100

export interface LoadOptions {
  readonly clients: Clients
  /** Of ingest-api. */
  readonly urls: readonly string[]
  readonly producer: RawProducer
  readonly rates: Rates
  /** Aborted at the end of the load; what is under way goes on. */
  readonly stop: AbortSignal
}

/** Load of all kinds at once. Resolves once everything that was begun is answered or given up. */
export async function runLoads({ rates, stop, ...options }: LoadOptions): Promise<void> {
  const loads = pacesOf(rates).map(({ mode, perSecond, count, kinds }) =>
    pace(perSecond, kinds, stop, (kind) => sendEvents(options, mode, kind, count)),
  )
  await Promise.all(loads)
}

async function sendEvents(
  { clients, urls, producer }: Pick<LoadOptions, 'clients' | 'urls' | 'producer'>,
  mode: PacedMode,
  kind: Kind,
  count: number,
): Promise<void> {
  const events = Array.from({ length: count }, () => clients.ledger.add(mode, kind))
  if (mode === 'raw')
    return void (await Promise.all(events.map((event) => publishRaw(clients, producer, event))))
  if (isProtocolMode(mode)) return postAsClient(clients, urls, mode, events)
  return postEvents(clients, urls, events)
}

/** Begins work at fixed times, one kind after the other. */
async function pace(
  perSecond: number,
  kinds: readonly Kind[],
  stop: AbortSignal,
  work: (kind: Kind) => Promise<void>,
): Promise<void> {
  const outstanding = new Set<Promise<void>>()
  for (let turn = 0; !stop.aborted; turn++) {
    if (outstanding.size < MAX_OUTSTANDING) {
      const one = work(kinds[turn % kinds.length]!).finally(() => outstanding.delete(one))
      outstanding.add(one)
    }
    await pause(1000 / perSecond, stop)
  }
  await Promise.all(outstanding)
}
