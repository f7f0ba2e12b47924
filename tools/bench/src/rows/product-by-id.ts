import { spawnApp, startRedis } from '@runnel/testing'
import { Client } from 'pg'
import { APP_ENV } from '../app-env.ts'
import { spawnCeiling } from '../ceilings/spawn-ceiling.ts'
import type { Contest, ContestOptions, Row } from '../contest.ts'
import { createHttpContest } from '../http-contest.ts'
import { MemoryLog } from '../memory-log.ts'
import { openNats, openPostgres } from '../stores.ts'

const PATH = '/api/v1/products/1'

export const productById: Row = {
  title: 'GET a product by id',
  ceiling: 'bare Fastify, static JSON of the same bytes',
  unit: 'requests/s',
  aim: 0.8,
  open: openProductById,
}

/** One product, hot in the process: what most reads of a small catalogue meet. */
async function openProductById({ stack, generator, seconds }: ContestOptions): Promise<Contest> {
  const [nats, postgres, redis] = await Promise.all([
    openNats(stack),
    openPostgres(stack),
    startRedis().then((server) => stack.use(server)),
  ])
  await insertProduct(postgres.url)
  const urls = { NATS_URL: nats.url, DATABASE_URL: postgres.url, REDIS_URL: redis.url }
  const query = stack.use(await spawnApp('query-api', { ...APP_ENV, ...urls }, { waitFor: '/readyz' }))
  const memory = new MemoryLog()
  memory.noteIdle('query-api', query.pid)
  const response = await fetch(query.url + PATH)
  if (!response.ok) throw new Error(`The product cannot be read: ${await response.text()}`)
  const ceilingUrl = await spawnCeiling(stack, 'bare-static', await response.text())
  return createHttpContest({
    generator,
    seconds,
    memory,
    ceiling: { url: ceilingUrl + PATH },
    runnel: { url: query.url + PATH },
    eventsPerRequest: 1,
    after: () => memory.notePeak('query-api', query.pid),
  })
}

async function insertProduct(url: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(
      `insert into product (id, name, price, manufacturer, attributes, version, version_event, updated_at)
       values (1, 'pen', 10.5, 'bic', '{"colour":"blue"}', 1, gen_random_uuid(), now())`,
    )
  } finally {
    await client.end()
  }
}
