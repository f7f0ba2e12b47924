import { AppError } from '@runnel/contracts'
import { actorOf, ProblemSchema, type HttpServer } from '@runnel/http'
import { addNotification } from '@runnel/repositories-mailings'
import { randomUUID } from 'node:crypto'
import { Type } from 'typebox'
import type { NotificationRouteContext } from '../notifications/notification-route-context.ts'
import { toNotification } from './make-reports.ts'
import { readFactsOf } from './preview-routes.ts'

const Body = Type.Object(
  {
    to: Type.String({ maxLength: 254, description: 'One of REPORT_TO or ALERT_EMAILS' }),
    day: Type.Optional(Type.String({ description: 'YYYY-MM-DD; default: yesterday' })),
  },
  { additionalProperties: false },
)

const Queued = Type.Object({ day: Type.String(), to: Type.String(), messageId: Type.String() })

/** Sends the report of a day to one person at once, whatever was sent before. */
export function addSendNowRoute(http: HttpServer, context: NotificationRouteContext): void {
  const { runQuery, database, bells, from, giveUpMs, log, notifications } = context
  const known = new Set([...notifications.report.to, ...notifications.alerts.emails])
  http.post(
    '/api/v1/reports/send-now',
    {
      config: { access: 'system:write' },
      schema: {
        tags: ['reports'],
        summary: 'Send the report of a day to one of the configured people now',
        body: Body,
        response: { 202: Queued, default: ProblemSchema },
      },
    },
    async (request, reply) => {
      const { to, day } = request.body
      if (!from) throw new AppError('conflict', 'No e-mail can be sent: set SMTP_HOST and SMTP_FROM')
      // Whoever reaches this API must not be able to send to the whole world.
      if (!known.has(to))
        throw new AppError('invalid_field', 'The address is not among REPORT_TO and ALERT_EMAILS', {
          field: '/to',
          expected: 'an address that is configured to get reports or alerts',
        })
      const facts = await readFactsOf(context, day)
      const notification = toNotification(`now/${randomUUID()}`, to, facts, from)
      await runQuery(() => addNotification(database, notification, giveUpMs))
      log.info({ day: facts.day, target: to, actor: actorOf(request) }, 'a report is sent on request')
      bells.email.ring()
      return reply.code(202).send({ day: facts.day, to, messageId: notification.messageId })
    },
  )
}
