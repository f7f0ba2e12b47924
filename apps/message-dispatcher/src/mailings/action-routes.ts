import { MailingWithWarningsSchema } from '@runnel/contracts/api/mailing'
import { IdParameters, ProblemSchema, type HttpServer, NoBody } from '@runnel/http'
import { createRunQuery } from '@runnel/repositories-database'
import {
  cancelMailing,
  pauseMailing,
  resumeMailing,
  scheduleMailing,
  unscheduleMailing,
} from '@runnel/repositories-mailings'
import { presentMailing, presentWithWarnings } from './present-mailing.ts'
import type { MailingRouteContext } from './mailing-route-context.ts'
import { requireChannelOf } from './require-channel.ts'

/** Commands that may wait for the database at once, whatever else waits for it. */
const MAX_COMMANDS = 50

/** The scope that prepares a mailing also stops it; to start one is a scope of its own. */
const ACTIONS = [
  {
    name: 'schedule',
    access: 'mailings:send',
    act: scheduleMailing,
    stops: false,
    summary: 'Schedule a draft: it starts at its start time',
  },
  {
    name: 'unschedule',
    access: 'mailings:write',
    act: unscheduleMailing,
    stops: true,
    summary: 'Make a scheduled mailing a draft again: it does not start',
  },
  {
    name: 'pause',
    access: 'mailings:write',
    act: pauseMailing,
    stops: true,
    summary: 'Pause a mailing: nothing more is sent until it is resumed',
  },
  {
    name: 'resume',
    access: 'mailings:send',
    act: resumeMailing,
    stops: false,
    summary: 'Resume a paused mailing',
  },
  {
    name: 'cancel',
    access: 'mailings:write',
    act: cancelMailing,
    stops: true,
    summary: 'Cancel a mailing: nothing more is ever sent',
  },
] as const

/**
 * Changes of a mailing's state. Repeating one that is in effect answers 200 and changes nothing; where the state does not
 * allow it, the answer is 409, and so it is where nothing would be sent.
 */
export function addActionRoutes(
  http: HttpServer,
  { actOf, done, database, commands = database, warnings, channels }: MailingRouteContext,
): void {
  const runQuery = createRunQuery(MAX_COMMANDS)
  for (const { name, access, act: perform, stops, summary } of ACTIONS) {
    http.post(
      `/api/v1/mailings/:id/${name}`,
      {
        config: { access: access },
        schema: {
          tags: ['mailings'],
          summary,
          params: IdParameters,
          body: NoBody,
          response: { 200: MailingWithWarningsSchema, default: ProblemSchema },
        },
      },
      async (request) => {
        const act = actOf(request)
        if (!stops) await requireChannelOf(request.params.id, channels, { database: commands, runQuery })
        const result = await runQuery(() => perform(commands, request.params.id, act))
        done(result, act, name)
        if (stops) return { ...presentMailing(result.mailing), warnings: [] }
        return presentWithWarnings(result.mailing, warnings, act.nowMs)
      },
    )
  }
}
