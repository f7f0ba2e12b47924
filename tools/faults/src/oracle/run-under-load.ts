import type { Plan } from '../mailings/create-plans.ts'
import { describeFault, type Fault } from './fault.ts'
import { applyFault, type FaultContext } from './apply-fault.ts'
import { LaterVersion } from './later-version.ts'
import type { Clients } from './load/deliver.ts'
import type { Rates } from './load/paced-modes.ts'
import type { RawProducer } from './load/raw-producer.ts'
import { runLoads } from './load/run-loads.ts'
import { runReads } from './load/run-reads.ts'
import { Locks } from './locks.ts'
import { runWaves } from './run-waves.ts'
import { runSchedule, type Entry } from './run-schedule.ts'
import { replicaUrls, type TestEnvironment } from './test-environment.ts'

/** What a run under load leaves behind. */
export interface LoadOutcome {
  readonly entries: readonly Entry[]
  /** Mailings by their ids. */
  readonly plans: ReadonlyMap<number, Plan>
  /** Of query-api, by status. */
  readonly reads: Readonly<Record<string, number>>
}

export interface RunUnderLoadOptions {
  readonly environment: TestEnvironment
  readonly clients: Clients
  readonly producer: RawProducer
  readonly faults: readonly Fault[]
  readonly seconds: number
  readonly rates: Rates
  readonly log: (line: string) => void
}

/** Load of every kind, mailings and reads, and the faults of a schedule. Resolves once the last fault has ended. */
export async function runUnderLoad({
  environment,
  clients,
  producer,
  faults,
  seconds,
  rates,
  log,
}: RunUnderLoadOptions): Promise<LoadOutcome> {
  const stopping = new AbortController()
  const { signal: stop } = stopping
  const { ledger, ended } = clients
  const { postgres } = environment.stores
  const loads = runLoads({ clients, urls: replicaUrls(environment, 'ingest-api'), producer, rates, stop })
  const reads = runReads(clients, replicaUrls(environment, 'query-api')[0]!, stop)
  const waves = runWaves({
    urls: replicaUrls(environment, 'message-dispatcher'),
    seconds,
    run: ledger.run,
    ended,
  })
  const deps: FaultContext = {
    ...{ environment, clients, producer, locks: new Locks() },
    laterVersion: new LaterVersion(postgres.urlOver(postgres.ports)),
  }
  // The first failure rejects this run; a later one must not be an unhandled rejection.
  for (const each of [loads, waves]) each.catch(() => undefined)
  try {
    const entries = await runSchedule(faults, Date.now(), async (fault) => {
      log(describeFault(fault))
      await applyFault(deps, fault).catch((error: unknown) => {
        log(`${describeFault(fault)} failed: ${String(error)}`)
        throw error
      })
    })
    stopping.abort()
    return { entries, plans: await waves, reads: await reads }
  } finally {
    stopping.abort()
  }
}
