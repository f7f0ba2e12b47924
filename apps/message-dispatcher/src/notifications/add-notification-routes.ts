import type { HttpServer } from '@runnel/http'
import { createRunQuery, type RunQuery } from '@runnel/repositories-database'
import { addAlertRoutes } from '../alerts/alert-routes.ts'
import type { Deps } from '../deps.ts'
import { addReportRoutes } from '../reports/report-routes.ts'
import { readJsonBodies } from '../requests/read-json-bodies.ts'
import type { NotificationContext } from './notification-context.ts'
import { addSendAgainRoute } from './send-again-route.ts'
import { addSettingsRoute } from './settings-route.ts'

/** Requests about reports and alerts that may wait for the database at once. */
const MAX_QUERIES = 20

/** What the routes of reports and alerts share. */
export interface NotificationRouteContext
  extends NotificationContext, Pick<Deps, 'clock' | 'log' | 'notifications' | 'pageBytes'> {
  readonly runQuery: RunQuery
}

/** All routes of reports, alerts and their notifications. */
export function addNotificationRoutes(http: HttpServer, deps: Deps, context: NotificationContext): void {
  const { clock, log, notifications, pageBytes } = deps
  const shared: NotificationRouteContext = {
    ...{ ...context, clock, log, notifications, pageBytes },
    runQuery: createRunQuery(MAX_QUERIES),
  }
  void http.register(async (instance) => {
    const scope = instance as unknown as HttpServer
    readJsonBodies(scope)
    addReportRoutes(scope, shared)
    addAlertRoutes(scope, shared)
    addSendAgainRoute(scope, shared)
    addSettingsRoute(scope, shared)
  })
}
