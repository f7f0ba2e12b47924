import { createEventIds, createTopology } from '@runnel/contracts'
import { connectBroker, ensureStreams, streamSpecs } from '@runnel/messaging'
import { cutRequests, runInWorkers } from '@runnel/http'
import { createLogger, createMetrics } from '@runnel/observability'
import { connectKeys } from '@runnel/repositories-access'
import { connectDatabaseOf } from '@runnel/repositories-database'
import { httpOptionsOf, loadOrComplain, requireSafeAccess, runService, warnOfSettings } from '@runnel/runtime'
import { createIngestApi } from './app.ts'
import { loadConfig, settings, type IngestConfig } from './config.ts'
import { connectIntake } from './connect-intake.ts'
import { createIntakeMetrics } from './intake-metrics.ts'
import { listenersOf, openListeners } from './listeners/open-listeners.ts'
import { requireSafeListeners } from './listeners/require-safe-listeners.ts'
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
    const intakeMetrics = createIntakeMetrics(metrics, Object.values(intake.lanes))
    const shared = {
      ...{ log, metrics, intakeMetrics, lanes: intake.lanes, replies: intake.replies },
      nextId: createEventIds(clock.nowMs),
      keyForm: config.keyForm,
      storedWaitMs: config.storedWaitMs,
    }
    const listeners = cleanup.use(
      await openListeners({
        ...shared,
        acknowledge: 'broker',
        eventLimitBytes: config.limits.eventLimitBytes,
        ...listenersOf(config),
        lastCall: cleanup.lastCall,
      }),
    )
    const app = await createIngestApi({
      ...shared,
      broker,
      deadLetters: createDeadLetterStore(database),
      clock,
      formats: createFormats(config.formats),
      limits: config.limits,
      pageBytes: config.pageBytes,
      notes: { listeners: listeners.note },
      publishTimeoutMs: config.publishing.publishDeadlineMs,
      httpOptions: httpOptionsOf(config, APP, keys),
      signal: cleanup.signal,
    })
    cleanup.use(app)
    cutRequests(app.server, cleanup.lastCall)
    log.info({ url: await app.listen({ host: config.host, port: config.port }) }, 'listening')
  })
}

const config = loadOrComplain(() =>
  requireSafeListeners(requireSafeAccess(loadConfig(process.env), settings)),
)
if (config) await runInWorkers(APP, config, () => serve(config))
