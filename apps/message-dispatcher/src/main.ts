import { connectRedis, createCacheKeys } from '@runnel/cache'
import { createTopology } from '@runnel/contracts'
import { connectBroker } from '@runnel/messaging'
import { createLogger, createMetrics } from '@runnel/observability'
import { connectDatabaseOf, waitUntilMigrated } from '@runnel/repositories-database'
import { loadOrComplain, runService } from '@runnel/runtime'
import { createMessageDispatcher } from './app.ts'
import { createDatabaseClock } from './clock.ts'
import { loadConfig, optionsOf, type Config } from './config.ts'

const APP = 'message-dispatcher'

async function serve(config: Config): Promise<void> {
  const log = createLogger(APP, config.LOG_LEVEL)
  await runService({ log, shutdownMs: config.SHUTDOWN_MS }, async (cleanup) => {
    const metrics = createMetrics(APP)
    const database = cleanup.use(connectDatabaseOf(APP, config, log))
    const notices = cleanup.use(await connectBroker(config.NATS_URL, { name: APP, log }))
    const redis = connectRedis(config.REDIS_URL, log)
    cleanup.defer(() => redis.close())
    const clock = createDatabaseClock(database)
    const app = await createMessageDispatcher({
      log,
      metrics,
      database,
      notices,
      topology: createTopology(config.SUBJECT_PREFIX),
      redis,
      cacheKeys: createCacheKeys(config.SUBJECT_PREFIX),
      clock,
      ...optionsOf(config),
      signal: cleanup.signal,
    })
    cleanup.use(app.http)
    log.info({ url: await app.http.listen({ host: config.HOST, port: config.PORT }) }, 'listening')
    await waitUntilMigrated(database, cleanup.signal, (err) =>
      log.warn({ err }, 'the database is unreachable; waiting for it'),
    )
    const running = app.run()
    cleanup.defer(() => running)
  })
}

const config = loadOrComplain(() => loadConfig(process.env))
if (config) await serve(config)
