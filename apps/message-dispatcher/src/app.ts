import type { CacheKeys, TokenBuckets } from '@runnel/cache'
import type { Topology } from '@runnel/contracts'
import { createHttpServer, type HttpServer } from '@runnel/http'
import type { Notices } from '@runnel/messaging'
import type { Logger, Metrics } from '@runnel/observability'
import { requireMigrated, type Database } from '@runnel/repositories'
import { addClientRoutes } from './clients/add-client-routes.ts'
import { IMPORT_URL } from './clients/import/import-routes.ts'
import type { ClientOptions } from './clients/settings.ts'
import type { Clock } from './clock.ts'
import { addMailingRoutes } from './mailings/add-mailing-routes.ts'
import { endSlowBodies } from './requests/end-slow-bodies.ts'
import { createMessageCounts } from './message-counts.ts'
import { runSchedule } from './schedule/run-schedule.ts'
import type { ScheduleOptions } from './schedule/schedule-deps.ts'
import { runSending, type SendingOptions } from './sending/run-sending.ts'
import { createWake } from './wake.ts'

export interface MessageDispatcherDeps {
  readonly log: Logger
  readonly metrics: Metrics
  readonly database: Database
  readonly notices: Notices
  readonly topology: Topology
  /** Where replicas share their rates; without it each takes its part. */
  readonly redis?: TokenBuckets
  readonly cacheKeys: Pick<CacheKeys, 'rate'>
  readonly clock: Clock
  readonly clients: ClientOptions
  readonly schedule: ScheduleOptions
  readonly sending: SendingOptions
  /** Aborted when the process drains. */
  readonly signal: AbortSignal
}

export interface MessageDispatcher {
  /** Clients, mailings, health, metrics and documentation; the caller listens. */
  readonly http: HttpServer
  /** Runs mailings until the signal aborts, and resolves once everything in flight is recorded. */
  run(): Promise<void>
}

/** The largest body that is taken, in bytes; imports are streams and have a limit of their own. */
const BODY_LIMIT_BYTES = 1024 * 1024

/** Clients, mailings and the sending of messages. Builds; the caller listens and runs. */
export async function createMessageDispatcher(deps: MessageDispatcherDeps): Promise<MessageDispatcher> {
  const { log, metrics, database, signal } = deps
  const wake = createWake(deps.notices, deps.topology.wake)
  const http = await createHttpServer({
    log,
    metrics,
    signal,
    docs: {
      title: 'Runnel message-dispatcher',
      description: 'Clients and mailings; sends messages through an external gateway',
    },
    checks: { database: () => requireMigrated(database) },
    bodyLimitBytes: BODY_LIMIT_BYTES,
    requestTimeoutMs: deps.clients.importTimeoutMs,
  })
  endSlowBodies(http, IMPORT_URL)
  const parts = { ...deps, wake, countMessages: createMessageCounts(metrics) }
  addClientRoutes(http, parts)
  addMailingRoutes(http, parts)
  return {
    http,
    run: async () => {
      await Promise.all([runSchedule(parts), runSending(parts)])
      wake.close()
    },
  }
}
