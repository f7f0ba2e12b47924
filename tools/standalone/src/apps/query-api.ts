import { createCache, createCacheKeys } from '@runnel/cache'
import { consoleFolder } from '@runnel/console'
import { createMetrics } from '@runnel/observability'
import { createQueryApi } from '@runnel/query-api'
import { listen } from '../listen.ts'
import type { Parts } from '../parts.ts'
import { urlOf } from '../url-of.ts'

/** Reads, with the cache of this process alone. */
export async function startQueryApi(parts: Parts): Promise<void> {
  const { broker, cleanup, config, createLog, database, topology } = parts
  const metrics = createMetrics('query-api')
  const app = await createQueryApi({
    log: createLog('query-api'),
    metrics,
    lookups: database,
    scans: database,
    cache: createCache({ metrics, ...config.query.cache }),
    keys: createCacheKeys(''),
    notices: broker,
    broker,
    redis: undefined,
    topology,
    limits: config.query.limits,
    consoleFolder,
    services: {
      'ingest-api': urlOf(config, 'ingest-api'),
      'message-dispatcher': urlOf(config, 'message-dispatcher'),
      consumer: urlOf(config, 'consumer'),
      'producer-sim': urlOf(config, 'producer-sim'),
    },
    forwardTimeoutMs: config.query.forwardTimeoutMs,
    signal: cleanup.signal,
  })
  await listen(parts, 'query-api', app.http)
  await app.start()
}
