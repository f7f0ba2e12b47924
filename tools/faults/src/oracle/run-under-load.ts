import type { NatsConnection } from 'nats'
import type { Plan } from '../mailings/create-plans.ts'
import { describeFault, type Fault } from './fault.ts'
import { inflict, type Inflict } from './apply-fault.ts'
import { LaterVersion } from './later-version.ts'
import type { Clients } from './load/deliver.ts'
import { runLoads } from './load/run-loads.ts'
import { runReads } from './load/run-reads.ts'
import { Locks } from './locks.ts'
import { runWaves } from './run-waves.ts'
import { runSchedule, type Entry } from './run-schedule.ts'
import { urlsLike, type World } from './test-environment.ts'

/** What a storm leaves behind. */
export interface Wreckage {
  readonly entries: readonly Entry[]
  /** Mailings by their ids. */
  readonly plans: ReadonlyMap<number, Plan>
  /** Of query-api, by status. */
  readonly reads: Readonly<Record<string, number>>
}

export interface StormOptions {
  readonly world: World
  readonly clients: Clients
  readonly nc: NatsConnection
  readonly faults: readonly Fault[]
  readonly seconds: number
  readonly say: (line: string) => void
}

/** Load of every kind, mailings and reads, and the faults of a schedule. Resolves once the last fault is over. */
export async function storm({ world, clients, nc, faults, seconds, say }: StormOptions): Promise<Wreckage> {
  const ended = new AbortController()
  const { signal: stop } = ended
  const { books, over } = clients
  const loads = runLoads({ clients, urls: urlsLike(world, 'ingest-api'), nc, stop })
  const reads = runReads(clients, urlsLike(world, 'query-api')[0]!, stop)
  const waves = runWaves({ urls: urlsLike(world, 'message-dispatcher'), seconds, run: books.run, over })
  const deps: Inflict = {
    ...{ world, clients, nc, locks: new Locks() },
    laterVersion: new LaterVersion(world.stores.postgres.url),
  }
  // Whoever fails first is heard; nobody is left to fail unheard.
  for (const each of [loads, waves]) each.catch(() => undefined)
  try {
    const entries = await runSchedule(faults, Date.now(), async (fault) => {
      say(describeFault(fault))
      await inflict(deps, fault)
    })
    ended.abort()
    return { entries, plans: await waves, reads: await reads }
  } finally {
    ended.abort()
  }
}
