import { SystemStateSchema } from '@runnel/contracts/api/system'
import { ProblemSchema, type HttpServer } from '@runnel/http'
import { Type } from 'typebox'
import { checkParameters } from '../params/check-parameters.ts'
import { sendJson } from '../send-json.ts'
import { readSystemStatus, type SystemStatusOptions } from './read-system-status.ts'

/** However many pages are open, each app is asked once in this time. */
const KEPT_MS = 1000

/** GET /api/v1/system: the status of every app and server, as far as it is known. */
export function addSystemRoute(app: HttpServer, options: SystemStatusOptions): void {
  const readStatus = remember(async () => JSON.stringify(await readSystemStatus(options)))
  app.get(
    '/api/v1/system',
    {
      config: { access: 'system:read' },
      preValidation: checkParameters,
      schema: {
        tags: ['system'],
        summary: 'Health of every app, backlog of the broker, cache and sending; what is not known is null',
        querystring: Type.Object({}),
        response: { 200: SystemStateSchema, default: ProblemSchema },
      },
    },
    async (_request, reply) => sendJson(reply, await readStatus()),
  )
}

/** One read at a time, whose answer serves all requests that come meanwhile and shortly after. */
function remember(read: () => Promise<string>): () => Promise<string> {
  let answer: Promise<string> | undefined
  return () => {
    if (answer) return answer
    const reading = read()
    answer = reading
    const forget = () => (answer = undefined)
    // An answer is kept from the moment it is there; a failure is not kept.
    reading.then(() => setTimeout(forget, KEPT_MS).unref(), forget)
    return reading
  }
}
