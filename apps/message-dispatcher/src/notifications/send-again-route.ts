import { NotificationSchema } from '@runnel/contracts/api/notification'
import { actorOf, IdParameters, ProblemSchema, type HttpServer, NoBody } from '@runnel/http'
import { sendNotificationAgain } from '@runnel/repositories-mailings'
import type { NotificationRouteContext } from './notification-route-context.ts'
import { presentNotification } from './present-notification.ts'

export function addSendAgainRoute(
  http: HttpServer,
  { runQuery, database, bells, giveUpMs, log }: NotificationRouteContext,
): void {
  http.post(
    '/api/v1/notifications/:id/send-again',
    {
      config: { access: 'system:write' },
      schema: {
        tags: ['notifications'],
        summary: 'Send an e-mail or a webhook again that failed or is in doubt, with the same id',
        params: IdParameters,
        body: NoBody,
        response: { 202: NotificationSchema, default: ProblemSchema },
      },
    },
    async (request, reply) => {
      const actor = actorOf(request)
      const { id } = request.params
      const stored = await runQuery(() => sendNotificationAgain(database, id, { actor, giveUpMs }))
      log.info({ notificationId: id, actor, target: stored.target }, 'notification is sent again')
      bells[stored.channel].ring()
      return reply.code(202).send(presentNotification(stored))
    },
  )
}
