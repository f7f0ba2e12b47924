import type { Kind } from '@runnel/contracts'
import { KINDS } from '@runnel/contracts'
import type { NatsConnection } from 'nats'
import { pause } from '@runnel/runtime'
import type { Clients } from './deliver.ts'
import { HTTP_MODES, postEvents, type HttpMode } from './post-events.ts'
import { publishRaw } from './publish-raw.ts'

/** Requests of one mode that may be unanswered; beyond that none is sent, as with any client of few connections. */
const MAX_OUTSTANDING = 100
const RAW_PER_SECOND = 20

export interface LoadOptions {
  readonly clients: Clients
  /** Of ingest-api. */
  readonly urls: readonly string[]
  readonly nc: NatsConnection
  /** Aborted at the end of the load; what is under way goes on. */
  readonly stop: AbortSignal
}

/** Load of all kinds at once. Resolves once everything that was begun is answered or given up. */
export async function runLoads({ clients, urls, nc, stop }: LoadOptions): Promise<void> {
  const { ledger } = clients
  const overHttp = (Object.keys(HTTP_MODES) as HttpMode[]).map((mode) => {
    const { perSecond, count, kinds } = HTTP_MODES[mode]
    return pace(perSecond, kinds, stop, async (kind) => {
      const events = Array.from({ length: count }, () => ledger.add(mode, kind))
      await postEvents(clients, urls, events)
    })
  })
  const raw = pace(RAW_PER_SECOND, KINDS, stop, (kind) => publishRaw(clients, nc, ledger.add('raw', kind)))
  await Promise.all([...overHttp, raw])
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
