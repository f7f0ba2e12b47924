import { createEventIds } from '@runnel/contracts'
import { connectIntake, createDeadLetterStore, createFormats, createIngestApi } from '@runnel/ingest-api'
import type { HttpServer } from '@runnel/http'
import { createMetrics } from '@runnel/observability'
import { httpOptionsOf } from '@runnel/runtime'
import { listen } from '../listen.ts'
import type { AppDeps } from '../deps.ts'

/** HTTP to broker. The broker forgets with the process: 2xx waits for the consumer's word. */
export async function startIngestApi(deps: AppDeps): Promise<HttpServer> {
  const { broker, cleanup, clock, config, createLog, database, timekeeper, topology } = deps
  const { formats, limits, pageBytes, storedWaitMs, publishing } = config.ingest
  const intake = cleanup.use(connectIntake(broker, topology, publishing))
  const http = await createIngestApi({
    log: createLog('ingest-api'),
    metrics: createMetrics('ingest-api'),
    broker,
    lanes: intake.lanes,
    replies: intake.replies,
    deadLetters: createDeadLetterStore(database),
    nextId: createEventIds(timekeeper.nowMs),
    clock: { offsetMs: clock.offsetMs, problem: () => undefined },
    acknowledge: 'stored',
    // The consumer is of the same version.
    keyForm: 'item',
    formats: createFormats(formats),
    ...{ limits, pageBytes, storedWaitMs },
    publishTimeoutMs: publishing.publishDeadlineMs,
    httpOptions: httpOptionsOf(config, 'ingest-api', deps.keys),
    signal: cleanup.signal,
  })
  await listen(deps, 'ingest-api', http)
  return http
}
