import { AlertSchema, type Alert } from '@runnel/contracts/api/alert'
import { PageSchema } from '@runnel/contracts/api/page'
import { parseIdCursor, ProblemSchema, toSizedIdPage, type HttpServer } from '@runnel/http'
import { listAlerts, listNotificationsOfAlerts, type StoredAlert } from '@runnel/repositories-mailings'
import { Type } from 'typebox'
import type { NotificationRouteContext } from '../notifications/notification-route-context.ts'
import { presentNotification } from '../notifications/present-notification.ts'
import { shortPageParameters } from '../requests/page-parameters.ts'
import { describeAlert } from './describe-alert.ts'

export function addAlertRoutes(
  http: HttpServer,
  { runQuery, database, pageBytes }: NotificationRouteContext,
): void {
  http.get(
    '/api/v1/alerts',
    {
      config: { access: 'system:read' },
      schema: {
        tags: ['notifications'],
        summary: 'List alerts with the notifications that were sent about them, newest first',
        querystring: Type.Object(shortPageParameters, { additionalProperties: false }),
        response: { 200: PageSchema(AlertSchema), default: ProblemSchema },
      },
    },
    async ({ query: { limit, cursor } }) => {
      const beforeId = parseIdCursor('alerts', cursor)
      const found = await runQuery(() => listAlerts(database, { items: limit, bytes: pageBytes }, beforeId))
      const notified = await runQuery(() =>
        listNotificationsOfAlerts(
          database,
          found.items.map(({ id }) => id),
        ),
      )
      return toSizedIdPage('alerts', found, (alert) => presentAlert(alert, notified))
    },
  )
}

function presentAlert(
  { id, condition, facts, startedAt, raisedAt, resolvedAt }: StoredAlert,
  notified: Awaited<ReturnType<typeof listNotificationsOfAlerts>>,
): Alert {
  const { title, text } = describeAlert(condition, facts, false)
  return {
    ...{ id, condition, title, text, startedAt: startedAt.toISOString(), raisedAt: raisedAt.toISOString() },
    resolvedAt: resolvedAt?.toISOString() ?? null,
    notifications: (notified.get(String(id)) ?? []).map(presentNotification),
  }
}
