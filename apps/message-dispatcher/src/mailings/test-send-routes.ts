import { AppError, TestSendSchema, type TestSend } from '@runnel/contracts'
import { MailingSchema } from '@runnel/contracts/api/mailing'
import { IdParameters, ProblemSchema, type HttpServer } from '@runnel/http'
import { createTestSend } from '@runnel/repositories-mailings'
import { parsePhone } from '../clients/parse-phone.ts'
import { Keyed } from './keyed.ts'
import type { MailingRouteContext } from './mailing-route-context.ts'
import { presentMailing } from './present-mailing.ts'
import { requireChannelOf } from './require-channel.ts'

/** Sends a mailing to named clients first: oneself, a colleague. */
export function addTestSendRoutes(
  http: HttpServer,
  { runQuery, actOf, log, wake, database, channels }: MailingRouteContext,
): void {
  http.post(
    '/api/v1/mailings/:id/test-sends',
    {
      config: { access: 'mailings:send' },
      schema: {
        tags: ['mailings'],
        summary: 'Send the text of a mailing to a few named clients now, as a test',
        description:
          'A test is a mailing of its own with `testOf`: it is in no list but `GET /api/v1/mailings?testOf=`, and counts in no ' +
          'statistics but its own. It is sent at once, whatever the window, the filter and the state of the mailing.',
        params: IdParameters,
        headers: Keyed,
        body: TestSendSchema,
        response: { 201: MailingSchema, default: ProblemSchema },
      },
    },
    async (request, reply) => {
      const act = actOf(request)
      const recipients = parseRecipients(request.body)
      const requestKey = request.headers['idempotency-key']
      const mailingId = request.params.id
      await requireChannelOf(mailingId, channels, { database, runQuery })
      const { mailing, changed } = await runQuery(() =>
        createTestSend(database, mailingId, recipients, { ...act, requestKey }),
      )
      if (changed) {
        log.info({ mailingId, actor: act.actor, action: 'test_send', testId: mailing.id }, 'mailing changed')
        wake.notify()
      } else void reply.header('idempotent-replayed', 'true')
      return reply
        .code(201)
        .header('location', `/api/v1/mailings/${mailing.id}`)
        .send(presentMailing(mailing))
    },
  )
}

function parseRecipients({ clientIds = [], phones = [] }: TestSend) {
  if (clientIds.length + phones.length === 0) {
    throw new AppError('missing_field', 'Nobody is named to whom the test is sent', {
      field: '/clientIds',
      expected: 'at least one id in `clientIds`, or one phone in `phones`',
    })
  }
  return {
    clientIds: [...new Set(clientIds)],
    phones: phones.map((phone, n) => parsePhone(phone, { field: `/phones/${n}` }).number),
  }
}
