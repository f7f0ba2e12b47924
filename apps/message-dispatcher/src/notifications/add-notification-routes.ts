import type { HttpServer } from '@runnel/http'
import { addAlertRoutes } from '../alerts/alert-routes.ts'
import type { Deps } from '../deps.ts'
import { addReportRoutes } from '../reports/report-routes.ts'
import { readJsonBodies } from '../requests/read-json-bodies.ts'
import type { NotificationContext } from './notification-context.ts'
import { createNotificationRouteContext } from './notification-route-context.ts'
import { addSendAgainRoute } from './send-again-route.ts'
import { addSettingsRoute } from './settings-route.ts'

/** All routes of reports, alerts and their notifications. */
export function addNotificationRoutes(http: HttpServer, deps: Deps, context: NotificationContext): void {
  const shared = createNotificationRouteContext(deps, context)
  void http.register(async (instance) => {
    const scope = instance as unknown as HttpServer
    readJsonBodies(scope)
    addReportRoutes(scope, shared)
    addAlertRoutes(scope, shared)
    addSendAgainRoute(scope, shared)
    addSettingsRoute(scope, shared)
  })
}
