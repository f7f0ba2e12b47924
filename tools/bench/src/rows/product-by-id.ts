import { Client } from 'pg'
import type { Contest, ContestOptions, Row } from '../contest.ts'
import { openApp } from '../open-app.ts'
import { ProcessCosts } from '../process-costs.ts'
import { openStaticContest } from '../reads/open-static-contest.ts'
import { openNats, openPostgres, openRedis } from '../stores.ts'

const PATH = '/api/v1/products/1'

export const productById: Row = {
  title: 'GET a product by id',
  ceiling: 'bare Fastify, static JSON of the same bytes',
  unit: 'requests/s',
  aim: 0.9,
  open: openProductById,
}

/** One product, hot in the process: what most reads of a small catalogue meet. */
async function openProductById(options: ContestOptions): Promise<Contest> {
  const { stack } = options
  const costs = new ProcessCosts()
  const [nats, postgres, redis] = await Promise.all([
    openNats(stack, costs),
    openPostgres(stack, costs),
    openRedis(stack, costs),
  ])
  await insertProduct(postgres.url)
  const urls = { NATS_URL: nats.url, DATABASE_URL: postgres.url, REDIS_URL: redis.url }
  const query = await openApp(stack, costs, 'query-api', urls)
  return openStaticContest({ ...options, costs, url: query.url, path: PATH })
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
