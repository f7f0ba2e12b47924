import { createTopology } from '@runnel/contracts'
import { connectBroker, ensureStreams, streamSpecs } from '@runnel/messaging'
import { cutRequests, runInWorkers } from '@runnel/http'
import { createLogger, createMetrics } from '@runnel/observability'
import { connectKeys } from '@runnel/repositories-access'
import {
  connectDatabaseOf,
  createDatabaseClock,
  createTimekeeper,
  waitUntilMigrated,
  readWalPosition,
} from '@runnel/repositories-database'
import { httpOptionsOf, loadOrComplain, requireSafeAccess, runService, warnOfSettings } from '@runnel/runtime'
import { createConsumer } from './app.ts'
import { loadConfig, settings, type ConsumerConfig } from './config.ts'
import { countSweeps } from './consumer-metrics.ts'

const APP = 'consumer'

async function serve(config: ConsumerConfig): Promise<void> {
  const log = createLogger(APP, config.logLevel)
  warnOfSettings(log, config, settings, process.env)
  await runService({ log, shutdownMs: config.shutdownMs }, async (cleanup) => {
    const metrics = createMetrics(APP)
    const topology = createTopology(config.broker.subjectPrefix)
    const specs = streamSpecs(topology, config.streams)
    const broker = cleanup.use(
      await connectBroker(config.broker.url, {
        name: APP,
        log,
        access: config.broker.access,
        onSweep: countSweeps(metrics, specs),
      }),
    )
    ensureStreams(broker, specs, log)
    const database = cleanup.use(connectDatabaseOf(APP, config.database, log, cleanup.lastCall))
    const clock = createDatabaseClock(database)
    const keys = await connectKeys({ config, log, metrics, database, notices: broker, topology, cleanup })
    const { aheadDays } = config.maintenance
    const app = await createConsumer({
      log,
      metrics,
      broker,
      database,
      clock,
      timekeeper: createTimekeeper({ database, clock, aheadDays }),
      topology,
      specs,
      ...config.batches,
      maintenance: config.maintenance,
      readPosition: () => readWalPosition(database),
      httpOptions: httpOptionsOf(config, APP, keys),
      signal: cleanup.signal,
    })
    cleanup.use(app.http)
    cutRequests(app.http.server, cleanup.lastCall)
    log.info({ url: await app.http.listen({ host: config.host, port: config.port }) }, 'listening')
    await waitUntilMigrated(database, cleanup.signal, (err) =>
      log.warn({ err }, 'the database is not ready yet'),
    )
    const running = app.run()
    cleanup.defer(() => running)
  })
}

const config = loadOrComplain(() => requireSafeAccess(loadConfig(process.env), settings))
if (config) await runInWorkers(APP, config, () => serve(config))
