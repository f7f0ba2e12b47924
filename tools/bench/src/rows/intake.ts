import { spawnApp } from '@runnel/testing'
import { APP_ENV } from '../app-env.ts'
import { spawnCeiling } from '../ceilings/spawn-ceiling.ts'
import type { Contest, ContestOptions, Row } from '../contest.ts'
import { createHttpContest } from '../http-contest.ts'
import { MemoryLog } from '../memory-log.ts'
import { createItems } from '../metric-items.ts'
import { openNats } from '../stores.ts'
import { StreamView } from '../stream.ts'

const BATCH_ITEMS = 100

export const singlePost: Row = {
  title: 'POST one metric',
  ceiling: 'bare Fastify, same schema, no broker',
  unit: 'events/s',
  aim: 0.7,
  open: (options) => openIntake(options, 'single', 1),
}

export const batchPost: Row = {
  title: `POST ${BATCH_ITEMS} metrics`,
  ceiling: 'bare Fastify, same schema of items, no broker',
  unit: 'events/s',
  aim: 0.5,
  open: (options) => openIntake(options, 'batch', BATCH_ITEMS),
}

/** No consumer runs: the row is about taking events in. The stream is emptied before each measurement. */
async function openIntake(
  { stack, generator, seconds }: ContestOptions,
  path: 'single' | 'batch',
  items: number,
): Promise<Contest> {
  const nats = await openNats(stack)
  const ceilingUrl = await spawnCeiling(stack, 'bare-intake')
  const ingest = stack.use(
    await spawnApp('ingest-api', { ...APP_ENV, NATS_URL: nats.url }, { waitFor: '/readyz' }),
  )
  const memory = new MemoryLog()
  memory.noteIdle('ingest-api', ingest.pid)
  const stream = await StreamView.open(stack, nats.url, 'metrics')
  const events = createItems(items)
  const body = JSON.stringify(path === 'single' ? events[0] : events)
  return createHttpContest({
    generator,
    seconds,
    memory,
    ceiling: { url: `${ceilingUrl}/${path}`, body },
    runnel: { url: `${ingest.url}/api/v1/metrics`, body },
    eventsPerRequest: items,
    before: () => stream.purge(),
    after: () => memory.notePeak('ingest-api', ingest.pid),
  })
}
