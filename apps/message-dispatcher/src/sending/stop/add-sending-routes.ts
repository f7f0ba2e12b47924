import type { ChannelName } from '@runnel/contracts'
import {
  ChannelParamsSchema,
  ChannelStopsSchema,
  ResumedSendingSchema,
  SendingStopSchema,
  type ResumedSending,
} from '@runnel/contracts/api/sending'
import { actorOf, ProblemSchema, type HttpServer, NoBody } from '@runnel/http'
import { createRunQuery } from '@runnel/repositories-database'
import { readProviderState, resumeProvider } from '@runnel/repositories-mailings'
import type { Deps } from '../../deps.ts'
import { readJsonBodies } from '../../requests/read-json-bodies.ts'
import { configuredChannels } from '../channels/configured-channels.ts'
import { presentStop } from './present-stop.ts'

/** Requests that may wait for the database at once. */
const MAX_QUERIES = 20

const RESUME =
  'Sending begins again with a small part. Where the channel still fails or asks for a pause, it stops again. Where nothing was stopped, the answer is 200 and nothing changes.'

/** Whether messages go out, and the commands that end a stop. */
export function addSendingRoutes(http: HttpServer, deps: Deps): void {
  void http.register(async (instance) => {
    const scope = instance as unknown as HttpServer
    readJsonBodies(scope)
    addRoutes(scope, deps)
  })
}

/** What the routes are listed under. */
const schema = { tags: ['sending'] }

function addRoutes(http: HttpServer, deps: Deps): void {
  const { clock, database, commands = database, log, wake } = deps
  const runQuery = createRunQuery(MAX_QUERIES)
  const channels = configuredChannels(deps.sending).map(({ name }) => name)

  const read = async (channel: ChannelName, from = database) =>
    presentStop(await runQuery(() => readProviderState(from, channel)), clock.nowMs())

  const resume = async (channel: ChannelName, actor: string): Promise<ResumedSending> => {
    const changed = await runQuery(() => resumeProvider(commands, actor, channel))
    if (changed) {
      log.info({ actor, channel }, 'a person has resumed sending')
      wake.notify()
    }
    return { changed, ...(await read(channel, commands)) }
  }

  http.get(
    '/api/v1/sending',
    {
      config: { access: 'system:read' },
      schema: {
        ...schema,
        summary: 'Read whether messages go out through the gateway: state, reason and end of a stop',
        response: { 200: SendingStopSchema, default: ProblemSchema },
      },
    },
    () => read('gateway'),
  )
  http.get(
    '/api/v1/sending/channels',
    {
      config: { access: 'system:read' },
      schema: {
        ...schema,
        summary: 'Read whether messages go out through each channel that is configured',
        response: { 200: ChannelStopsSchema, default: ProblemSchema },
      },
    },
    async () => ({
      items: await Promise.all(channels.map(async (channel) => ({ channel, ...(await read(channel)) }))),
    }),
  )
  http.post(
    '/api/v1/sending/resume',
    {
      config: { access: 'system:write' },
      schema: {
        ...schema,
        summary: 'End a pause that the gateway asked for, or the wait of an open breaker for its next probe',
        description: RESUME,
        body: NoBody,
        response: { 200: ResumedSendingSchema, default: ProblemSchema },
      },
    },
    (request) => resume('gateway', actorOf(request)),
  )
  http.post(
    '/api/v1/sending/channels/:channel/resume',
    {
      config: { access: 'system:write' },
      schema: {
        ...schema,
        summary: 'End the stop of a channel',
        description: RESUME,
        params: ChannelParamsSchema,
        body: NoBody,
        response: { 200: ResumedSendingSchema, default: ProblemSchema },
      },
    },
    (request) => resume(request.params.channel, actorOf(request)),
  )
}
