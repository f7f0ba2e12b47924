import type { ManagedProcess } from '@runnel/testing'
import { openApp } from '../open-app.ts'
import type { ProcessCosts } from '../process-costs.ts'
import { openNats, openPostgres, openRedis } from '../stores.ts'
import { fillProducts } from './fill-products.ts'
import { withClient } from './with-client.ts'

export interface CatalogueOptions {
  readonly stack: AsyncDisposableStack
  readonly costs: ProcessCosts
  /** How many are stored. */
  readonly products: number
  /** Settings of query-api beside those of a fresh installation. */
  readonly env?: Readonly<Record<string, string>>
}

/** A query-api over a catalogue, and its stores. */
export interface OpenCatalogue {
  readonly query: ManagedProcess
  readonly postgres: ManagedProcess
  readonly redis: ManagedProcess
}

export async function openCatalogue(options: CatalogueOptions): Promise<OpenCatalogue> {
  const { stack, costs, products, env } = options
  const [nats, postgres, redis] = await Promise.all([
    openNats(stack, costs),
    openPostgres(stack, costs),
    openRedis(stack, costs),
  ])
  await withClient(postgres.url, (client) => fillProducts(client, products))
  const urls = { NATS_URL: nats.url, DATABASE_URL: postgres.url, REDIS_URL: redis.url }
  return { query: await openApp(stack, costs, 'query-api', { ...urls, ...env }), postgres, redis }
}
