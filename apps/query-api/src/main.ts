import { connectRedis, createCache, createCacheKeys } from '@runnel/cache'
import { consoleFolder } from '@runnel/console'
import { createTopology } from '@runnel/contracts'
import { connectBroker } from '@runnel/messaging'
import { createLogger, createMetrics } from '@runnel/observability'
import { connectDatabaseOf } from '@runnel/repositories-database'
import { loadOrComplain, runService } from '@runnel/runtime'
import { createQueryApi } from './app.ts'
import { limitsOf, loadConfig, type QueryConfig } from './config.ts'
import { servicesOf } from './services.ts'

const APP = 'query-api'

async function serve(config: QueryConfig): Promise<void> {
  const log = createLogger(APP, config.LOG_LEVEL)
  await runService({ log, shutdownMs: config.SHUTDOWN_MS }, async (cleanup) => {
    const metrics = createMetrics(APP)
    const pool = (size: number, timeoutMs: number) =>
      cleanup.use(
        connectDatabaseOf(APP, { ...config, DATABASE_POOL_SIZE: size, DATABASE_TIMEOUT_MS: timeoutMs }, log),
      )
    const lookups = pool(config.DATABASE_POOL_SIZE, config.LOOKUP_TIMEOUT_MS)
    const scans = pool(config.SCAN_POOL_SIZE, config.SCAN_TIMEOUT_MS)
    const remote = cleanup.use(connectRedis(config.REDIS_URL, log))
    const notices = cleanup.use(await connectBroker(config.NATS_URL, { name: APP, log }))
    const app = await createQueryApi({
      log,
      metrics,
      lookups,
      scans,
      cache: createCache({ metrics, maxBytes: config.CACHE_MAX_BYTES, remote }),
      keys: createCacheKeys(config.SUBJECT_PREFIX),
      notices,
      broker: notices,
      redis: remote,
      topology: createTopology(config.SUBJECT_PREFIX),
      limits: limitsOf(config),
      consoleFolder,
      services: servicesOf(config),
      forwardTimeoutMs: config.FORWARD_TIMEOUT_MS,
      signal: cleanup.signal,
    })
    cleanup.use(app.http)
    log.info({ url: await app.http.listen({ host: config.HOST, port: config.PORT }) }, 'listening')
    await app.start()
  })
}

const config = loadOrComplain(() => loadConfig(process.env))
if (config) await serve(config)
