import { MailingSchema } from '@runnel/contracts'
import { IdParameters, ProblemSchema, type HttpServer } from '@runnel/http'
import { cancelMailing, pauseMailing, resumeMailing, scheduleMailing } from '@runnel/repositories'
import { presentMailing } from './present-mailing.ts'
import type { MailingRoom } from './mailing-route-context.ts'
import { NoBody } from './optional-body.ts'

const ACTIONS = [
  { name: 'schedule', act: scheduleMailing, summary: 'Let a draft start by itself' },
  { name: 'pause', act: pauseMailing, summary: 'Send nothing more until it is resumed' },
  { name: 'resume', act: resumeMailing, summary: 'Go on after a pause' },
  { name: 'cancel', act: cancelMailing, summary: 'Send nothing more, ever' },
] as const

/** What people do to a mailing. Repeating what holds already answers 200 and changes nothing; another state is 409. */
export function addActionRoutes(http: HttpServer, { ask, actOf, done, database }: MailingRoom): void {
  for (const { name, act: perform, summary } of ACTIONS) {
    http.post(
      `/api/v1/mailings/:id/${name}`,
      {
        schema: {
          tags: ['mailings'],
          summary,
          params: IdParameters,
          body: NoBody,
          response: { 200: MailingSchema, default: ProblemSchema },
        },
      },
      async (request) => {
        const act = actOf(request)
        const result = await ask(() => perform(database, request.params.id, act))
        done(result, act, name)
        return presentMailing(result.mailing)
      },
    )
  }
}
