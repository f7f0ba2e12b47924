import { createEventIds } from '@runnel/contracts'
import {
  connectIntake,
  createDeadLetterStore,
  createFormats,
  createIngestApi,
  createIntakeMetrics,
  ListenerPortError,
  listenersOf,
  openListeners,
} from '@runnel/ingest-api'
import type { HttpServer } from '@runnel/http'
import { createMetrics } from '@runnel/observability'
import { httpOptionsOf } from '@runnel/runtime'
import { listen } from '../listen.ts'
import type { AppDeps } from '../deps.ts'
import { StartProblem } from '../start-problem.ts'

/** HTTP to broker. The broker forgets with the process: 2xx waits for the consumer's word. */
export async function startIngestApi(deps: AppDeps): Promise<HttpServer> {
  const { broker, cleanup, clock, config, createLog, database, timekeeper, topology } = deps
  const { formats, limits, pageBytes, storedWaitMs, publishing } = config.ingest
  const intake = cleanup.use(connectIntake(broker, topology, publishing))
  const metrics = createMetrics('ingest-api')
  const shared = {
    ...{ log: createLog('ingest-api'), metrics, lanes: intake.lanes, replies: intake.replies, storedWaitMs },
    intakeMetrics: createIntakeMetrics(metrics, Object.values(intake.lanes)),
    nextId: createEventIds(timekeeper.nowMs),
    acknowledge: 'stored' as const,
    // The consumer is of the same version.
    keyForm: 'item' as const,
  }
  const listeners = await openListeners({
    ...shared,
    eventLimitBytes: limits.eventLimitBytes,
    ...listenersOf({ ...config, listeners: config.ingest.listeners }),
    lastCall: cleanup.lastCall,
  }).catch((error: unknown) => {
    throw error instanceof ListenerPortError ? new StartProblem(error.message, error) : error
  })
  cleanup.use(listeners)
  const http = await createIngestApi({
    ...shared,
    broker,
    deadLetters: createDeadLetterStore(database),
    clock: { offsetMs: clock.offsetMs, problem: () => undefined },
    formats: createFormats(formats),
    ...{ limits, pageBytes, notes: { listeners: listeners.note } },
    publishTimeoutMs: publishing.publishDeadlineMs,
    httpOptions: httpOptionsOf(config, 'ingest-api', deps.keys),
    signal: cleanup.signal,
  })
  await listen(deps, 'ingest-api', http)
  return http
}
