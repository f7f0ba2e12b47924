import { SystemStateSchema } from '@runnel/contracts/api/system'
import { ProblemSchema, type HttpServer } from '@runnel/http'
import { Type } from 'typebox'
import { checkParameters } from '../params/check-parameters.ts'
import { sendJson } from '../send-json.ts'
import { lookAround, type SurroundingsOptions } from './read-system-status.ts'

/** However many pages are open, everybody is asked once in this time. */
const KEPT_MS = 1000

/** GET /api/v1/system: how every app and server is, as far as it can be known. */
export function addSystemRoute(app: HttpServer, options: SurroundingsOptions): void {
  const look = remember(async () => JSON.stringify(await lookAround(options)))
  app.get(
    '/api/v1/system',
    {
      preValidation: checkParameters,
      schema: {
        tags: ['system'],
        summary: 'Health of every app, backlog of the broker, cache and sending; what is not known is null',
        querystring: Type.Object({}),
        response: { 200: SystemStateSchema, default: ProblemSchema },
      },
    },
    async (_request, reply) => sendJson(reply, await look()),
  )
}

/** One look at a time, whose answer serves all who ask meanwhile and shortly after. */
function remember(look: () => Promise<string>): () => Promise<string> {
  let answer: Promise<string> | undefined
  return () => {
    if (answer) return answer
    const asked = look()
    answer = asked
    const forget = () => (answer = undefined)
    // An answer is kept from when it is there; what failed is not.
    asked.then(() => setTimeout(forget, KEPT_MS).unref(), forget)
    return asked
  }
}
