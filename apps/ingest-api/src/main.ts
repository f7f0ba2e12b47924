import { createEventIds, createTopology } from '@runnel/contracts'
import { connectNats, ensureStreams, streamSpecs } from '@runnel/messaging'
import { createLogger, createMetrics } from '@runnel/observability'
import { connectDatabaseOf } from '@runnel/repositories'
import { loadOrComplain, runService } from '@runnel/runtime'
import { randomUUID } from 'node:crypto'
import { createIngestApi } from './app.ts'
import { loadConfig, type IngestConfig } from './config.ts'
import { createDeadLetterStore } from './dead-letter-store.ts'
import { createLanes } from './lanes.ts'
import { StoredReplies } from './stored-replies.ts'

const APP = 'ingest-api'

async function serve(config: IngestConfig): Promise<void> {
  const log = createLogger(APP, config.LOG_LEVEL)
  await runService({ log, shutdownMs: config.SHUTDOWN_MS }, async (cleanup) => {
    const topology = createTopology(config.SUBJECT_PREFIX)
    const broker = cleanup.use(await connectNats({ url: config.NATS_URL, name: APP, log }))
    ensureStreams(broker, streamSpecs(topology, config), log)
    const database = cleanup.use(connectDatabaseOf(APP, config, log))
    const inbox = topology.inbox(randomUUID())
    const replies = new StoredReplies()
    cleanup.defer(broker.subscribe(inbox, (payload) => replies.receive(payload)))
    const lanes = cleanup.use(createLanes(broker, topology, inbox, config))
    const app = await createIngestApi({
      log,
      metrics: createMetrics(APP),
      broker,
      lanes: lanes.byKind,
      replies,
      deadLetters: createDeadLetterStore(database),
      nextId: createEventIds(),
      limits: {
        bodyLimitBytes: config.BODY_LIMIT_BYTES,
        batchLimitItems: config.BATCH_LIMIT_ITEMS,
        bodiesLimitBytes: config.BODIES_LIMIT_BYTES,
        eventLimitBytes: config.EVENT_LIMIT_BYTES,
      },
      storedWaitMs: config.STORED_WAIT_MS,
      publishTimeoutMs: config.PUBLISH_DEADLINE_MS,
      signal: cleanup.signal,
    })
    cleanup.use(app)
    log.info({ url: await app.listen({ host: config.HOST, port: config.PORT }) }, 'listening')
  })
}

const config = loadOrComplain(() => loadConfig(process.env))
if (config) await serve(config)
