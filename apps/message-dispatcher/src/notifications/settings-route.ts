import { NotificationSettingsSchema } from '@runnel/contracts/api/alert'
import { ProblemSchema, type HttpServer } from '@runnel/http'
import { addDays } from '../windows/local-days.ts'
import { dueMs, newestDueDay } from '../reports/due-days.ts'
import type { NotificationRouteContext } from './notification-route-context.ts'

export function addSettingsRoute(
  http: HttpServer,
  { notifications, targets, from, clock }: NotificationRouteContext,
): void {
  const { smtp, report } = notifications
  http.get(
    '/api/v1/notifications/settings',
    {
      config: { access: 'system:read' },
      schema: {
        tags: ['notifications'],
        summary: 'Who gets reports and alerts, and when; no secret is shown',
        response: { 200: NotificationSettingsSchema, default: ProblemSchema },
      },
    },
    async () => {
      const next = dueMs(addDays(newestDueDay(clock.nowMs(), report), 1), report)
      return {
        email: from ? { server: `${smtp.host}:${smtp.port}`, from: from.address } : null,
        report: {
          to: [...report.to],
          ...{ hour: report.hour, timeZone: report.timeZone, emptyDays: report.emptyDays },
          next: report.to.length > 0 ? new Date(next).toISOString() : null,
        },
        alerts: { emails: [...targets.emails], webhooks: [...targets.webhooks] },
      }
    },
  )
}
