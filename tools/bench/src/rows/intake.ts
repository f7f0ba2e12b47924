import { gzipSync } from 'node:zlib'
import { spawnCeiling } from '../ceilings/spawn-ceiling.ts'
import type { Contest, ContestOptions, Row } from '../contest.ts'
import { createHttpContest } from '../http-contest.ts'
import { JSON_HEADERS, type Target } from '../load/load-generator.ts'
import { createItems } from '../metric-items.ts'
import { openApp } from '../open-app.ts'
import { ProcessCosts } from '../process-costs.ts'
import { openBroker } from '../brokers/open-broker.ts'

/** What is POSTed, and how many metrics that is. */
interface Load {
  readonly ceilingPath: '/single' | '/batch'
  readonly items: number
  readonly body: string | Buffer
  readonly headers: NonNullable<Target['headers']>
}

const BATCH_AIM = 0.55

export const singlePost: Row = {
  title: 'POST one metric',
  ceiling: 'bare Fastify, same schema, no broker',
  anyBroker: true,
  unit: 'events/s',
  aim: 0.8,
  p99Aim: { timesCeiling: 2 },
  open: (options) =>
    openIntake(options, {
      ...{ ceilingPath: '/single', items: 1, headers: JSON_HEADERS },
      body: JSON.stringify(createItems(1)[0]),
    }),
}

export const batchPost10 = createBatchRow(10)
export const batchPost = createBatchRow(100)

function createBatchRow(items: number): Row {
  return {
    title: `POST ${items} metrics`,
    ceiling: 'bare Fastify, same schema of items, no broker',
    anyBroker: true,
    unit: 'events/s',
    aim: BATCH_AIM,
    open: (options) =>
      openIntake(options, {
        ...{ ceilingPath: '/batch', items, headers: JSON_HEADERS },
        body: JSON.stringify(createItems(items)),
      }),
  }
}

export const ndjsonGzip: Row = {
  title: 'POST 100 metrics as gzipped NDJSON',
  ceiling: 'bare Fastify: gunzip, JSON.parse of each line, same schema, no broker',
  anyBroker: true,
  unit: 'events/s',
  aim: BATCH_AIM,
  open: (options) =>
    openIntake(options, {
      ...{ ceilingPath: '/batch', items: 100 },
      headers: { 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' },
      body: gzipSync(
        createItems(100)
          .map((item) => `${JSON.stringify(item)}\n`)
          .join(''),
      ),
    }),
}

/** No consumer runs: the row is about taking events in. The stream is emptied before each measurement. */
async function openIntake(
  { stack, generator, seconds, broker: name }: ContestOptions,
  { ceilingPath, items, body, headers }: Load,
): Promise<Contest> {
  const costs = new ProcessCosts()
  const broker = await openBroker(name, stack, costs)
  const ceilingUrl = await spawnCeiling(stack, costs, 'bare-intake')
  const ingest = await openApp(stack, costs, 'ingest-api', { BROKER_URL: broker.url })
  const queue = await broker.view('metrics')
  return createHttpContest({
    generator,
    seconds,
    costs,
    ceiling: { url: ceilingUrl + ceilingPath, body, headers },
    runnel: { url: `${ingest.url}/api/v1/metrics`, body, headers },
    eventsPerRequest: items,
    before: () => queue.purge(),
  })
}
