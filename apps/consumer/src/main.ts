import { createTopology } from '@runnel/contracts'
import { connectBroker, ensureStreams, streamSpecs } from '@runnel/messaging'
import { createLogger, createMetrics } from '@runnel/observability'
import { connectDatabaseOf, waitUntilMigrated } from '@runnel/repositories-database'
import { loadOrComplain, runService } from '@runnel/runtime'
import { createConsumer } from './app.ts'
import { loadConfig, optionsOf, type ConsumerConfig } from './config.ts'
import { countSweeps } from './consumer-metrics.ts'

const APP = 'consumer'

async function serve(config: ConsumerConfig): Promise<void> {
  const log = createLogger(APP, config.LOG_LEVEL)
  await runService({ log, shutdownMs: config.SHUTDOWN_MS }, async (cleanup) => {
    const metrics = createMetrics(APP)
    const topology = createTopology(config.SUBJECT_PREFIX)
    const specs = streamSpecs(topology, config)
    const broker = cleanup.use(
      await connectBroker(config.NATS_URL, { name: APP, log, onSweep: countSweeps(metrics, specs) }),
    )
    ensureStreams(broker, specs, log)
    const database = cleanup.use(connectDatabaseOf(APP, config, log))
    const app = await createConsumer({
      log,
      metrics,
      broker,
      database,
      topology,
      specs,
      ...optionsOf(config),
      signal: cleanup.signal,
    })
    cleanup.use(app.http)
    log.info({ url: await app.http.listen({ host: config.HOST, port: config.PORT }) }, 'listening')
    await waitUntilMigrated(database, cleanup.signal, (err) => log.warn({ err }, 'the database is away'))
    const running = app.run()
    cleanup.defer(() => running)
  })
}

const config = loadOrComplain(() => loadConfig(process.env))
if (config) await serve(config)
