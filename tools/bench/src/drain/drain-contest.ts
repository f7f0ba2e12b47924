import type { Kind } from '@runnel/contracts'
import type { ManagedProcess } from '@runnel/testing'
import { Client } from 'pg'
import { spawnBuilt } from '../spawn-built.ts'
import { APP_ENV } from '../app-env.ts'
import type { Contest } from '../contest.ts'
import { openApp } from '../open-app.ts'
import { ProcessCosts } from '../process-costs.ts'
import { openBroker, type BenchBroker, type BrokerName } from '../brokers/open-broker.ts'
import type { QueueView } from '../brokers/queue-view.ts'
import { openPostgres } from '../stores.ts'
import { drainStream, type DrainEnv } from './drain-stream.ts'
import type { DrainTable } from './event-table.ts'

/** BATCH_CONCURRENCY of the consumer. */
export const CONNECTIONS = 2

/** What is drained. */
export interface Backlog {
  readonly kind: Kind
  readonly events: number
  /** Puts the events into the stream. */
  fill(through: { readonly ingest: string; readonly broker: BenchBroker }): Promise<void>
  openTable(stack: AsyncDisposableStack, databaseUrl: string): Promise<DrainTable>
}

/** What a drain needs: stores, an ingest-api to fill the stream, a stream. */
export interface DrainBench {
  readonly costs: ProcessCosts
  readonly postgres: ManagedProcess
  readonly ingestUrl: string
  readonly broker: BenchBroker
  readonly queue: QueueView
  readonly env: DrainEnv
}

/** A consumer has run once, so that its idle memory is known, and the partitions of today are there. */
export async function openDrainBench(
  stack: AsyncDisposableStack,
  kind: Kind,
  brokerName: BrokerName,
): Promise<DrainBench> {
  const costs = new ProcessCosts()
  const [broker, postgres] = await Promise.all([
    openBroker(brokerName, stack, costs),
    openPostgres(stack, costs),
  ])
  await trackCommits(postgres)
  costs.watch('postgres', postgres.pid, 'shared')
  const env = { BROKER_URL: broker.url, DATABASE_URL: postgres.url }
  {
    await using idle = new AsyncDisposableStack()
    await openApp(idle, costs, 'consumer', env)
  }
  // Only fills the stream, which is not measured.
  const ingest = stack.use(await spawnBuilt('ingest-api', { ...APP_ENV, ...env }, { waitFor: '/readyz' }))
  return { costs, postgres, ingestUrl: ingest.url, broker, queue: await broker.view(kind), env }
}

/**
 * A full stream and a consumer that starts. The same rows, as the first drain left them in the table, are what COPY
 * brings back: same partitions, same indexes, same server.
 */
export async function openDrainContest(
  stack: AsyncDisposableStack,
  backlog: Backlog,
  brokerName: BrokerName,
): Promise<Contest> {
  const { costs, ingestUrl, broker, queue, env } = await openDrainBench(stack, backlog.kind, brokerName)
  const table = await backlog.openTable(stack, env.DATABASE_URL)
  costs.watch('bench', process.pid, 'ceiling')
  const { events } = backlog
  let isKept = false
  return {
    costs,
    ceiling: async () => {
      await table.reset()
      return costs.measure(async () => ({
        rate: (events * 1000) / (await table.copy()),
        operations: events,
        errors: 0,
      }))
    },
    runnel: async () => {
      await backlog.fill({ ingest: ingestUrl, broker })
      await table.reset()
      const sample = await drainStream({ costs, queue, table, env, events })
      if (!isKept) await table.keep(CONNECTIONS)
      isKept = true
      return sample
    },
  }
}

/** Makes tables record when their rows were committed, which costs the drain nothing. */
async function trackCommits(postgres: ManagedProcess): Promise<void> {
  const client = new Client({ connectionString: postgres.url })
  await client.connect()
  await client.query('alter system set track_commit_timestamp = on')
  await client.end()
  await postgres.restart()
}
