import { createEventIds, createTopology } from '@runnel/contracts'
import { connectBroker, ensureStreams, streamSpecs } from '@runnel/messaging'
import { cutRequests } from '@runnel/http'
import { createLogger, createMetrics } from '@runnel/observability'
import { connectKeys } from '@runnel/repositories-access'
import { connectDatabaseOf } from '@runnel/repositories-database'
import { httpOptionsOf, loadOrComplain, requireSafeAccess, runService, warnOfSettings } from '@runnel/runtime'
import { createIngestApi } from './app.ts'
import { loadConfig, settings, type IngestConfig } from './config.ts'
import { connectIntake } from './connect-intake.ts'
import { createDeadLetterStore } from './dead-letter-store.ts'
import { createFormats } from './formats/default-formats.ts'
import { followClock } from './follow-clock.ts'
import { createNoticedClock } from './noticed-clock.ts'

const APP = 'ingest-api'

async function serve(config: IngestConfig): Promise<void> {
  const log = createLogger(APP, config.logLevel)
  warnOfSettings(log, config, settings, process.env)
  await runService({ log, shutdownMs: config.shutdownMs }, async (cleanup) => {
    const topology = createTopology(config.broker.subjectPrefix)
    const broker = cleanup.use(
      await connectBroker(config.broker.url, { name: APP, log, access: config.broker.access }),
    )
    ensureStreams(broker, streamSpecs(topology, config.streams), log)
    const database = cleanup.use(connectDatabaseOf(APP, config.database, log, cleanup.lastCall))
    const metrics = createMetrics(APP)
    const keys = await connectKeys({ config, log, metrics, database, notices: broker, topology, cleanup })
    const intake = cleanup.use(connectIntake(broker, topology, config.publishing))
    const clock = createNoticedClock()
    cleanup.use(followClock({ notices: broker, topology, clock, signal: cleanup.signal }))
    const app = await createIngestApi({
      log,
      metrics,
      broker,
      lanes: intake.lanes,
      replies: intake.replies,
      deadLetters: createDeadLetterStore(database),
      nextId: createEventIds(clock.nowMs),
      clock,
      keyForm: config.keyForm,
      formats: createFormats(config.formats),
      limits: config.limits,
      pageBytes: config.pageBytes,
      storedWaitMs: config.storedWaitMs,
      publishTimeoutMs: config.publishing.publishDeadlineMs,
      httpOptions: httpOptionsOf(config, APP, keys),
      signal: cleanup.signal,
    })
    cleanup.use(app)
    cutRequests(app.server, cleanup.lastCall)
    log.info({ url: await app.listen({ host: config.host, port: config.port }) }, 'listening')
  })
}

const config = loadOrComplain(() => requireSafeAccess(loadConfig(process.env), settings))
if (config) await serve(config)
