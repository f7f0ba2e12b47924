import { withDatabase, type ManagedProcess } from '@runnel/testing'
import { spawnBuilt } from '../spawn-built.ts'
import { APP_ENV } from '../app-env.ts'
import type { GrowthSizes } from '../growth-contest.ts'
import type { ProcessCosts } from '../process-costs.ts'
import { openNats, openPostgres } from '../stores.ts'
import { withClient } from './with-client.ts'

export interface GrowingStoreOptions {
  readonly stack: AsyncDisposableStack
  readonly costs: ProcessCosts
  readonly sizes: GrowthSizes
  /** @param url of a migrated, empty database */
  fill(url: string, rows: number): Promise<void>
}

/** No cache answers: nothing listens at this address of Redis, and the process has room for one small entry. */
const UNCACHED = { REDIS_URL: 'redis://127.0.0.1:1', CACHE_MAX_BYTES: '1024', CACHE_WARM_PRODUCTS: '0' }

/**
 * The same tables with more and more in them: databases of one server, with a query-api over each.
 *
 * @returns the address of the query-api by the size of its database
 */
export async function openGrowingStore(options: GrowingStoreOptions): Promise<ReadonlyMap<number, string>> {
  const { stack, costs, sizes, fill } = options
  const [nats, postgres] = await Promise.all([openNats(stack, costs), openPostgres(stack, costs)])
  const databases = await copyDatabase(postgres, [sizes.small, sizes.base, sizes.large])
  const urls = new Map<number, string>()
  for (const [rows, databaseUrl] of databases) {
    await fill(databaseUrl, rows)
    const env = { ...APP_ENV, ...UNCACHED, NATS_URL: nats.url, DATABASE_URL: databaseUrl }
    const query = stack.use(await spawnBuilt('query-api', env, { waitFor: '/readyz' }))
    costs.watch(`query-api beside ${rows}`, query.pid, 'app')
    urls.set(rows, query.url)
  }
  return urls
}

/** @returns the addresses of the copies by their sizes */
export async function copyDatabase(
  postgres: ManagedProcess,
  sizes: readonly number[],
): Promise<[number, string][]> {
  const migrated = new URL(postgres.url).pathname.slice(1)
  return withClient(withDatabase(postgres.url, 'template1'), async (client) => {
    const copies: [number, string][] = []
    for (const size of sizes) {
      await client.query(`create database beside_${size} template ${migrated}`)
      copies.push([size, withDatabase(postgres.url, `beside_${size}`)])
    }
    return copies
  })
}
