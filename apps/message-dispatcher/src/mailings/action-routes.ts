import { MailingSchema } from '@runnel/contracts/api/mailing'
import { IdParameters, ProblemSchema, type HttpServer } from '@runnel/http'
import { createRunQuery } from '@runnel/repositories-database'
import { cancelMailing, pauseMailing, resumeMailing, scheduleMailing } from '@runnel/repositories-mailings'
import { presentMailing } from './present-mailing.ts'
import type { MailingRouteContext } from './mailing-route-context.ts'
import { NoBody } from './optional-body.ts'

/** Commands that may wait for the database at once, whatever else waits for it. */
const MAX_COMMANDS = 50

const ACTIONS = [
  { name: 'schedule', act: scheduleMailing, summary: 'Schedule a draft: it starts at its start time' },
  { name: 'pause', act: pauseMailing, summary: 'Pause a mailing: nothing more is sent until it is resumed' },
  { name: 'resume', act: resumeMailing, summary: 'Resume a paused mailing' },
  { name: 'cancel', act: cancelMailing, summary: 'Cancel a mailing: nothing more is ever sent' },
] as const

/**
 * Changes of a mailing's state. Repeating one that is in effect answers 200 and changes nothing; where the state does not
 * allow it, the answer is 409.
 */
export function addActionRoutes(
  http: HttpServer,
  { actOf, done, database, commands = database }: MailingRouteContext,
): void {
  const runQuery = createRunQuery(MAX_COMMANDS)
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
        const result = await runQuery(() => perform(commands, request.params.id, act))
        done(result, act, name)
        return presentMailing(result.mailing)
      },
    )
  }
}
