import { isEventId } from '@runnel/contracts'
import { ProblemSchema, sendEvents, type HttpServer, type PeerOf } from '@runnel/http'
import { Type } from 'typebox'
import { checkParameters } from '../params/check-parameters.ts'
import { family } from '../params/schemas.ts'
import type { LogTail } from '../tail/log-tail.ts'
import { logConditionParameters, parseLogConditions } from './log-conditions.ts'

/** GET /api/v1/logs/tail: entries as they are stored, as server-sent events. */
export function addLogTailRoute(app: HttpServer, tail: LogTail, peerOf: PeerOf): void {
  app.get(
    '/api/v1/logs/tail',
    {
      config: { access: 'logs:read', share: 'tails' },
      preValidation: checkParameters,
      // A HEAD request would never end.
      exposeHeadRoute: false,
      schema: {
        tags: ['logs'],
        summary:
          'Log entries as they are stored, as server-sent events; takes the filters of /api/v1/logs but for the time',
        description:
          'Events: `log` with an entry as /api/v1/logs gives it; `dropped` with `{"count","missed"}`: so many entries that match ' +
          'were left out because the client did not take them quickly enough, and so many, of any kind, never came here. ' +
          'Comments keep the connection alive. With the header `Last-Event-ID`, which browsers send by themselves, the stream ' +
          'goes on behind that entry, as far back as five minutes; entries of the last seconds may then come twice, and are ' +
          'recognised by their ids.',
        querystring: Type.Object(logConditionParameters, { patternProperties: family('attr') }),
        response: { 200: Type.String(), default: ProblemSchema },
      },
    },
    async (request, reply) => {
      const lastId = request.headers['last-event-id']
      const conditions = parseLogConditions(request.query)
      const stream = tail.open(peerOf(request), conditions, isEventId(lastId) ? lastId : undefined)
      return sendEvents(reply, stream)
    },
  )
}
