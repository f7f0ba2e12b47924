import { ResumedSendingSchema, SendingStopSchema } from '@runnel/contracts/api/sending'
import { actorOf, ProblemSchema, type HttpServer } from '@runnel/http'
import { createRunQuery } from '@runnel/repositories-database'
import { readProviderState, resumeProvider } from '@runnel/repositories-mailings'
import type { Deps } from '../../deps.ts'
import { NoBody } from '../../mailings/optional-body.ts'
import { readJsonBodies } from '../../requests/read-json-bodies.ts'
import { presentStop } from './present-stop.ts'

/** Requests that may wait for the database at once. */
const MAX_QUERIES = 20

/** Whether messages go out, and the command that ends a stop. */
export function addSendingRoutes(http: HttpServer, deps: Deps): void {
  void http.register(async (instance) => {
    const scope = instance as unknown as HttpServer
    readJsonBodies(scope)
    addRoutes(scope, deps)
  })
}

function addRoutes(http: HttpServer, deps: Deps): void {
  const { clock, database, commands = database, log, wake } = deps
  const runQuery = createRunQuery(MAX_QUERIES)
  const schema = { tags: ['sending'] }
  http.get(
    '/api/v1/sending',
    {
      config: { access: 'system:read' },
      schema: {
        ...schema,
        summary: 'Read whether messages go out: state, reason and end of a stop',
        response: { 200: SendingStopSchema, default: ProblemSchema },
      },
    },
    async () => presentStop(await runQuery(() => readProviderState(database)), clock.nowMs()),
  )
  http.post(
    '/api/v1/sending/resume',
    {
      config: { access: 'system:write' },
      schema: {
        ...schema,
        summary: 'End a pause that the gateway asked for, or the wait of an open breaker for its next probe',
        description:
          'Sending begins again with a small part. Where the gateway still fails or asks for a pause, it stops again. Where nothing was stopped, the answer is 200 and nothing changes.',
        body: NoBody,
        response: { 200: ResumedSendingSchema, default: ProblemSchema },
      },
    },
    async (request) => {
      const actor = actorOf(request)
      const changed = await runQuery(() => resumeProvider(commands, actor))
      if (changed) {
        log.info({ actor }, 'a person has resumed sending')
        wake.notify()
      }
      return { changed, ...presentStop(await runQuery(() => readProviderState(commands)), clock.nowMs()) }
    },
  )
}
