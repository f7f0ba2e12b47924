import { eventually } from '@runnel/testing'
import { setTimeout as sleep } from 'node:timers/promises'
import { spawnBuilt } from '../spawn-built.ts'
import { APP_ENV } from '../app-env.ts'
import type { ProcessCosts } from '../process-costs.ts'
import type { Measurement, Sample } from '../sample.ts'
import type { QueueView } from '../brokers/queue-view.ts'
import type { DrainTable } from './event-table.ts'

/** Settings of the consumer. */
export interface DrainEnv extends Readonly<Record<string, string>> {
  readonly BROKER_URL: string
  readonly DATABASE_URL: string
}

export interface DrainOptions {
  readonly costs: ProcessCosts
  readonly queue: QueueView
  readonly table: Pick<DrainTable, 'count' | 'lastCommitMs'>
  readonly env: DrainEnv
  /** How many events the stream holds. */
  readonly events: number
}

const LIMIT_MS = 120_000

/**
 * Lets a new consumer empty the stream: from the first delivery to the last commit.
 *
 * @throws Error when not all events became rows
 */
export async function drainStream({ costs, queue, table, env, events }: DrainOptions): Promise<Sample> {
  const before = await table.count()
  const waiting = await queue.countWaiting()
  const consumer = await spawnBuilt('consumer', { ...APP_ENV, ...env }, { waitFor: false })
  costs.watch('consumer', consumer.pid, 'app')
  try {
    const startMs = await untilDelivered(queue, waiting)
    const sample = await costs.measure(async (): Promise<Measurement> => {
      await eventually(async () => (await queue.countUnsettled()) === 0, {
        timeoutMs: LIMIT_MS,
        everyMs: 50,
      })
      const ms = (await table.lastCommitMs()) - startMs
      return { rate: (events * 1000) / ms, operations: events, errors: 0 }
    })
    const stored = (await table.count()) - before
    if (stored !== events) throw new Error(`${stored} of ${events} rows were stored\n${consumer.logs()}`)
    return sample
  } finally {
    await consumer.stop()
  }
}

/** The moment of the first delivery: the start of the process is not what is timed. */
async function untilDelivered(queue: QueueView, before: number): Promise<number> {
  for (const deadline = Date.now() + LIMIT_MS; Date.now() < deadline; await sleep(5)) {
    if ((await queue.countWaiting()) < before) return Date.now()
  }
  throw new Error('The consumer asked for nothing')
}
