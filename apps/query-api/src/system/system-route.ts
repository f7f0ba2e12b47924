import { SystemStateSchema } from '@runnel/contracts/api/system'
import { createAppFetch, notesOfAccess, ProblemSchema, type HttpOptions, type HttpServer } from '@runnel/http'
import { Type } from 'typebox'
import { checkParameters } from '../params/check-parameters.ts'
import { remember } from '../remember.ts'
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
  const readStatus = remember(
    async () => JSON.stringify(await readSystemStatus({ ...options, notes, fetch })),
    KEPT_MS,
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
