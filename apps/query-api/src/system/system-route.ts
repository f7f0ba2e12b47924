import { SystemStateSchema } from '@runnel/contracts/api/system'
import { createAppFetch, notesOfAccess, ProblemSchema, type HttpOptions, type HttpServer } from '@runnel/http'
import { Type } from 'typebox'
import { checkParameters } from '../params/check-parameters.ts'
import { sendJson } from '../send-json.ts'
import { readSystemStatus, type SystemStatusOptions } from './read-system-status.ts'

/** However many pages are open, each app is asked once in this time. */
const KEPT_MS = 1000

interface SystemRouteOptions extends Omit<SystemStatusOptions, 'fetch' | 'notes'> {
  readonly httpOptions?: HttpOptions | undefined
}

/** GET /api/v1/system: the status of every app and server, as far as it is known. */
export function addSystemRoute(app: HttpServer, options: SystemRouteOptions): void {
  const { fetch, close } = createAppFetch(options.httpOptions?.tls)
  app.addHook('onClose', close)
  const notes = notesOfAccess(options.httpOptions?.access)
  const readStatus = remember(async () =>
    JSON.stringify(await readSystemStatus({ ...options, notes, fetch })),
  )
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
