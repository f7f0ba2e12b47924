import { createCache, createCacheKeys } from '@runnel/cache'
import { createMetrics } from '@runnel/observability'
import { createQueryApi, limitsOf } from '@runnel/query-api'
import { listen } from '../listen.ts'
import type { Parts } from '../parts.ts'

/** Reads, with the cache of this process alone. */
export async function startQueryApi(parts: Parts): Promise<void> {
  const { broker, cleanup, config, createLog, database, topology } = parts
  const metrics = createMetrics('query-api')
  const app = await createQueryApi({
    log: createLog('query-api'),
    metrics,
    lookups: database,
    scans: database,
    cache: createCache({ metrics, maxBytes: config.CACHE_MAX_BYTES }),
    keys: createCacheKeys(''),
    notices: broker,
    topology,
    limits: limitsOf(config),
    signal: cleanup.signal,
  })
  await listen(parts, 'query-api', app.http, 'QUERY_API_PORT')
  await app.start()
}
