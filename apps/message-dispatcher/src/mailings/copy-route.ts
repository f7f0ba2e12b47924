import { MAX_MAILING_NAME_BYTES } from '@runnel/contracts'
import { MailingSchema } from '@runnel/contracts/api/mailing'
import { IdParameters, ProblemSchema, type HttpServer, NoBody } from '@runnel/http'
import {
  createMailing,
  findMailing,
  type MailingDraft,
  type StoredMailing,
} from '@runnel/repositories-mailings'
import type { MailingRouteContext } from './mailing-route-context.ts'
import { Keyed } from './keyed.ts'
import { presentMailing } from './present-mailing.ts'

/** Makes a draft like another mailing, in whatever state that is. */
export function addCopyRoute(
  http: HttpServer,
  { runQuery, authorOf, done, database }: MailingRouteContext,
): void {
  http.post(
    '/api/v1/mailings/:id/copy',
    {
      config: { access: 'mailings:write' },
      schema: {
        tags: ['mailings'],
        summary: 'Copy a mailing: a draft like it, from now on, as long as it was',
        params: IdParameters,
        headers: Keyed,
        body: NoBody,
        response: { 201: MailingSchema, default: ProblemSchema },
      },
    },
    async (request, reply) => {
      const act = await authorOf(request)
      const requestKey = request.headers['idempotency-key']
      const original = await runQuery(() => findMailing(database, request.params.id))
      const copy = copyOf(original, act.nowMs)
      const result = await runQuery(() => createMailing(database, copy, { ...act, draft: true, requestKey }))
      done(result, act, 'copy')
      if (!result.changed) void reply.header('idempotent-replayed', 'true')
      return reply
        .code(201)
        .header('location', `/api/v1/mailings/${result.mailing.id}`)
        .send(presentMailing(result.mailing))
    },
  )
}

function copyOf(mailing: StoredMailing, nowMs: number): MailingDraft {
  const { name, startMs, endMs, text, operatorCodes, tags, received, notReceived, window, ratePerSecond } =
    mailing
  const { channel, subject } = mailing
  const longName = `${name} (copy)`.trim()
  return {
    ...{ channel, subject },
    ...{ text, operatorCodes, tags, received, notReceived, window, ratePerSecond },
    name: Buffer.byteLength(longName) > MAX_MAILING_NAME_BYTES ? name : longName,
    startMs: nowMs,
    endMs: nowMs + (endMs - startMs),
  }
}
