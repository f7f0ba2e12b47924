import { createHttpServer, type HttpServer } from '@runnel/http'
import { requireMigrated } from '@runnel/repositories-database'
import { addAuditRoute } from './audit/audit-route.ts'
import { addClientRoutes } from './clients/add-client-routes.ts'
import { IMPORT_URL } from './clients/import/import-routes.ts'
import { SUPPRESSION_IMPORT_URL } from './clients/suppression/suppression-import-route.ts'
import { addDashboardRoutes } from './dashboards/dashboard-routes.ts'
import type { Deps, MessageDispatcherDeps } from './deps.ts'
import { addKeyRoutes } from './keys/key-routes.ts'
import { addMailingRoutes } from './mailings/add-mailing-routes.ts'
import { endSlowBodies } from './requests/end-slow-bodies.ts'
import { createMessageCounts } from './message-counts.ts'
import { addNotificationRoutes } from './notifications/add-notification-routes.ts'
import { createNotificationContext } from './notifications/notification-context.ts'
import { runNotifications } from './notifications/run-notifications.ts'
import { observedClock, readFirstTime, requireTime } from './observed-clock.ts'
import { runSchedule } from './schedule/run-schedule.ts'
import { createBreakers, eachBreaker } from './sending/breaker/create-breakers.ts'
import { runSending } from './sending/run-sending.ts'
import { addSendingRoutes } from './sending/stop/add-sending-routes.ts'
import { describeStop } from './sending/stop/describe-stop.ts'
import { addUnsubscribeRoutes } from './unsubscribe/add-unsubscribe-routes.ts'
import { createUnsubscribeLinks } from './unsubscribe/unsubscribe-links.ts'
import { createWake } from './wake.ts'

export interface MessageDispatcher {
  /** Clients, mailings, health, metrics and documentation; the caller listens. */
  readonly http: HttpServer
  /** Runs mailings until the signal aborts, and resolves once everything in flight is recorded. */
  run(): Promise<void>
}

/** The largest body that is accepted, in bytes; imports are streams with a limit of their own. */
const BODY_LIMIT_BYTES = 1024 * 1024

/** Clients, mailings and the sending of messages. Builds; the caller listens and runs. */
export async function createMessageDispatcher(deps: MessageDispatcherDeps): Promise<MessageDispatcher> {
  const { log, metrics, database, signal } = deps
  const clock = observedClock(deps)
  const wake = createWake(deps.notices, deps.topology.wake)
  const breakers = createBreakers({ ...deps, clock })
  const http = await createHttpServer({
    log,
    metrics,
    signal,
    docs: {
      title: 'Runnel message-dispatcher',
      description:
        'Clients and mailings; sends messages through an external gateway, by e-mail and to webhooks, and daily reports and alerts',
    },
    checks: { database: () => requireMigrated(database), clock: () => requireTime(clock) },
    notes: eachBreaker(breakers, (breaker, channel) => () => describeStop(channel, breaker, clock.nowMs())),
    bodyLimitBytes: BODY_LIMIT_BYTES,
    requestTimeoutMs: deps.clients.importTimeoutMs,
    http: deps.httpOptions,
  })
  endSlowBodies(http, [IMPORT_URL, SUPPRESSION_IMPORT_URL])
  const shared: Deps = { ...deps, clock, wake, countMessages: createMessageCounts(metrics) }
  addClientRoutes(http, shared)
  addMailingRoutes(http, shared)
  addAuditRoute(http, shared)
  addKeyRoutes(http, shared)
  addDashboardRoutes(http, shared)
  addUnsubscribeRoutes(http, shared, createUnsubscribeLinks(deps.sending.unsubscribe))
  addSendingRoutes(http, shared)
  const notifying = createNotificationContext(shared)
  addNotificationRoutes(http, shared, notifying)
  return {
    http,
    run: async () => {
      await readFirstTime(log, clock, signal)
      await Promise.all([
        runSchedule(shared),
        runSending(shared, breakers),
        runNotifications(shared, notifying),
      ])
      wake.close()
    },
  }
}
