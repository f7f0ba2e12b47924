import { eventually, spawnApp, type PrivateServer } from '@runnel/testing'
import { Client } from 'pg'
import { setTimeout as sleep } from 'node:timers/promises'
import { APP_ENV } from '../app-env.ts'
import type { Contest, ContestOptions, Row } from '../contest.ts'
import { fillStream } from '../drain/fill-stream.ts'
import { MetricTable } from '../drain/metric-table.ts'
import { splitRows } from '../drain/split-rows.ts'
import { MemoryLog } from '../memory-log.ts'
import type { Sample } from '../sample.ts'
import { openNats, openPostgres } from '../stores.ts'
import { StreamView } from '../stream.ts'

/** BATCH_CONCURRENCY of the consumer. */
const CONNECTIONS = 2
const ROWS_PER_SECOND_ASKED = 100_000
const DRAIN_LIMIT_MS = 120_000

export const drain: Row = {
  title: 'Backlog to PostgreSQL',
  ceiling: `COPY of the same rows into the same table, ${CONNECTIONS} connections`,
  unit: 'rows/s',
  aim: 0.4,
  open: openDrain,
}

/**
 * A full stream and a consumer that starts. The same rows, as the first drain left them in the table, are what COPY
 * brings back: same partitions, same indexes, same server.
 */
async function openDrain({ stack, seconds }: ContestOptions): Promise<Contest> {
  const rows = seconds * ROWS_PER_SECOND_ASKED
  const [nats, postgres] = await Promise.all([openNats(stack), openPostgres(stack)])
  await trackCommits(postgres)
  const env = { ...APP_ENV, NATS_URL: nats.url, DATABASE_URL: postgres.url }
  const ingest = stack.use(await spawnApp('ingest-api', env, { waitFor: '/readyz' }))
  const memory = new MemoryLog()
  const idle = await spawnApp('consumer', env, { waitFor: '/readyz' })
  memory.noteIdle('consumer', idle.pid)
  await idle.stop()
  const table = await MetricTable.open(stack, postgres.url)
  const stream = await StreamView.open(stack, nats.url, 'metrics')
  let parts: readonly Buffer[] = []

  const runnel = async (): Promise<Sample> => {
    await fillStream(ingest.url, rows)
    await table.empty()
    const { delivered } = await stream.progress()
    const consumer = await spawnApp('consumer', env, { waitFor: false })
    try {
      const startMs = await untilDelivered(stream, delivered)
      await eventually(async () => (await stream.progress()).unsettled === 0, {
        timeoutMs: DRAIN_LIMIT_MS,
        everyMs: 50,
      })
      memory.notePeak('consumer', consumer.pid)
      const stored = await table.count()
      if (stored !== rows) throw new Error(`${stored} of ${rows} rows were stored\n${consumer.logs()}`)
      return { rate: (rows * 1000) / ((await table.lastCommitMs()) - startMs), errors: 0 }
    } finally {
      await consumer.stop()
    }
  }

  return {
    memory,
    warmUp: async () => {
      await runnel()
      parts = splitRows(await table.dump(), CONNECTIONS)
    },
    ceiling: async () => {
      await table.empty()
      return { rate: (rows * 1000) / (await table.copy(parts)), errors: 0 }
    },
    runnel,
  }
}

/** The moment of the first delivery: the start of the process is not what is measured. */
async function untilDelivered(stream: StreamView, before: number): Promise<number> {
  for (const deadline = Date.now() + DRAIN_LIMIT_MS; Date.now() < deadline; await sleep(5)) {
    if ((await stream.progress()).delivered > before) return Date.now()
  }
  throw new Error('The consumer asked for nothing')
}

/** Lets the table tell when its rows were committed, which costs the drain nothing. */
async function trackCommits(postgres: PrivateServer): Promise<void> {
  const client = new Client({ connectionString: postgres.url })
  await client.connect()
  await client.query('alter system set track_commit_timestamp = on')
  await client.end()
  await postgres.restart()
}
