import { MailingSchema } from '@runnel/contracts/api/mailing'
import { IdParameters, ProblemSchema, type HttpServer } from '@runnel/http'
import { approveMailing } from '@runnel/repositories-mailings'
import { Type } from 'typebox'
import type { MailingRouteContext } from './mailing-route-context.ts'
import { presentMailing } from './present-mailing.ts'

const ApprovalBody = Type.Object(
  { version: Type.Integer({ minimum: 1, description: 'Of the mailing as it was read' }) },
  { additionalProperties: false },
)

/** The second person of mailings to many recipients (MAILING_SECOND_PERSON_ABOVE). */
export function addApproveRoute(http: HttpServer, context: MailingRouteContext): void {
  const { runQuery, authorOf, done, database } = context
  http.post(
    '/api/v1/mailings/:id/approve',
    {
      config: { access: 'mailings:send' },
      schema: {
        tags: ['mailings'],
        summary: 'Approve a mailing that another person wrote, as it is: an edit asks for another approval',
        description:
          'Beyond MAILING_SECOND_PERSON_ABOVE recipients, nothing of a mailing is sent before. 403 for its authors, also by a key that they made.',
        params: IdParameters,
        body: ApprovalBody,
        response: { 200: MailingSchema, default: ProblemSchema },
      },
    },
    async (request) => {
      const act = await authorOf(request)
      const options = { ...act, version: request.body.version }
      const result = await runQuery(() => approveMailing(database, request.params.id, options))
      done(result, act, 'approve')
      return presentMailing(result.mailing)
    },
  )
}
