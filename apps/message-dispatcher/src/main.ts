import { connectRedis, createCacheKeys } from '@runnel/cache'
import { createTopology } from '@runnel/contracts'
import { connectBroker } from '@runnel/messaging'
import { cutRequests } from '@runnel/http'
import { createLogger, createMetrics } from '@runnel/observability'
import { connectKeys } from '@runnel/repositories-access'
import { connectDatabaseOf, createDatabaseClock, waitUntilMigrated } from '@runnel/repositories-database'
import { httpOptionsOf, loadOrComplain, requireSafeAccess, runService, warnOfSettings } from '@runnel/runtime'
import { createMessageDispatcher } from './app.ts'
import { loadConfig, settings, type Config } from './config.ts'
import { printFirstKey } from './keys/print-first-key.ts'
import { requireCompleteNotifications } from './notifications/settings.ts'
import { requireSecondPerson } from './schedule/settings.ts'
import { requireCompleteSending } from './sending/settings.ts'

const APP = 'message-dispatcher'

async function serve(config: Config): Promise<void> {
  const log = createLogger(APP, config.logLevel)
  warnOfSettings(log, config, settings, process.env)
  await runService({ log, shutdownMs: config.shutdownMs }, async (cleanup) => {
    const metrics = createMetrics(APP)
    const database = cleanup.use(connectDatabaseOf(APP, config.database, log, cleanup.lastCall))
    const commands = cleanup.use(
      connectDatabaseOf(APP, { ...config.database, poolSize: config.commandPoolSize }, log, cleanup.lastCall),
    )
    const notificationDatabase = cleanup.use(
      connectDatabaseOf(
        APP,
        { ...config.database, poolSize: config.notificationPoolSize },
        log,
        cleanup.lastCall,
      ),
    )
    const notices = cleanup.use(
      await connectBroker(config.broker.url, { name: APP, log, access: config.broker.access }),
    )
    const redis = connectRedis(config.redis.url, log, {
      files: config.redis,
      sentinel: config.redis.sentinel,
    })
    cleanup.defer(() => redis.close())
    const clock = createDatabaseClock(database)
    const topology = createTopology(config.broker.subjectPrefix)
    // By the connections of commands: sending never takes them.
    const directory = { config, log, metrics, database: commands, notices, topology, cleanup }
    const keys = await connectKeys({ ...directory, announces: true })
    const app = await createMessageDispatcher({
      log,
      metrics,
      database,
      commands,
      notificationDatabase,
      notices,
      topology,
      redis,
      cacheKeys: createCacheKeys(config.broker.subjectPrefix),
      clock,
      clients: config.clients,
      schedule: config.schedule,
      sending: config.sending,
      notifications: config.notifications,
      keys: config.keys,
      dashboards: config.dashboards,
      changedKeys: keys,
      pageBytes: config.pageBytes,
      httpOptions: httpOptionsOf(config, APP, keys),
      signal: cleanup.signal,
      lastCall: cleanup.lastCall,
    })
    cleanup.use(app.http)
    cutRequests(app.http.server, cleanup.lastCall)
    log.info({ url: await app.http.listen({ host: config.host, port: config.port }) }, 'listening')
    await waitUntilMigrated(database, cleanup.signal, (err) =>
      log.warn({ err }, 'the database is unreachable; waiting for it'),
    )
    if (keys) await printFirstKey(database, log, (text) => process.stdout.write(text))
    const running = app.run()
    cleanup.defer(() => running)
  })
}

const config = loadOrComplain(() => {
  const loaded = requireSafeAccess(loadConfig(process.env), settings)
  requireCompleteNotifications(loaded.notifications)
  requireCompleteSending(loaded.sending)
  requireSecondPerson(loaded.schedule, loaded.access.auth)
  return loaded
})
if (config) await serve(config)
