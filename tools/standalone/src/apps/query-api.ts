import { createCache, createCacheKeys } from '@runnel/cache'
import { consoleFolder } from '@runnel/console'
import { createMetrics } from '@runnel/observability'
import { createQueryApi, limitsOf } from '@runnel/query-api'
import { listen } from '../listen.ts'
import type { Parts } from '../parts.ts'
import { urlOf } from '../urls.ts'

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
    broker,
    redis: undefined,
    topology,
    limits: limitsOf(config),
    consoleFolder,
    services: {
      'ingest-api': urlOf(config, 'INGEST_API_PORT'),
      'message-dispatcher': urlOf(config, 'MESSAGE_DISPATCHER_PORT'),
      consumer: urlOf(config, 'CONSUMER_PORT'),
      'producer-sim': urlOf(config, 'PRODUCER_SIM_PORT'),
    },
    forwardTimeoutMs: config.FORWARD_TIMEOUT_MS,
    signal: cleanup.signal,
  })
  await listen(parts, 'query-api', app.http, 'QUERY_API_PORT')
  await app.start()
}
