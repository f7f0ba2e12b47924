import { createEventIds, createTopology } from '@runnel/contracts'
import { connectBroker, ensureStreams, streamSpecs } from '@runnel/messaging'
import { createLogger, createMetrics } from '@runnel/observability'
import { connectDatabaseOf } from '@runnel/repositories-database'
import { loadOrComplain, runService } from '@runnel/runtime'
import { createIngestApi } from './app.ts'
import { limitsOf, loadConfig, type IngestConfig } from './config.ts'
import { connectIntake } from './connect-intake.ts'
import { createDeadLetterStore } from './dead-letter-store.ts'

const APP = 'ingest-api'

async function serve(config: IngestConfig): Promise<void> {
  const log = createLogger(APP, config.LOG_LEVEL)
  await runService({ log, shutdownMs: config.SHUTDOWN_MS }, async (cleanup) => {
    const topology = createTopology(config.SUBJECT_PREFIX)
    const broker = cleanup.use(await connectBroker(config.NATS_URL, { name: APP, log }))
    ensureStreams(broker, streamSpecs(topology, config), log)
    const database = cleanup.use(connectDatabaseOf(APP, config, log))
    const intake = cleanup.use(connectIntake(broker, topology, config))
    const app = await createIngestApi({
      log,
      metrics: createMetrics(APP),
      broker,
      lanes: intake.lanes,
      replies: intake.replies,
      deadLetters: createDeadLetterStore(database),
      nextId: createEventIds(),
      ...limitsOf(config),
      signal: cleanup.signal,
    })
    cleanup.use(app)
    log.info({ url: await app.listen({ host: config.HOST, port: config.PORT }) }, 'listening')
  })
}

const config = loadOrComplain(() => loadConfig(process.env))
if (config) await serve(config)
