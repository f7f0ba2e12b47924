import { RetriedMessagesSchema } from '@runnel/contracts/api/retried-messages'
import {
  CursorParameter,
  encodeIdCursor,
  IdParameters,
  parseIdCursor,
  ProblemSchema,
  type HttpServer,
  OptionalBody,
} from '@runnel/http'
import { retryFailedBlock, type RetryOptions } from '@runnel/repositories-mailings'
import { Type } from 'typebox'
import type { MailingRouteContext } from './mailing-route-context.ts'
import { requireChannelOf } from './require-channel.ts'

/** Milliseconds after which a request begins no further block; the caller continues from nextCursor. */
const BUDGET_MS = 5000

const RetryBody = OptionalBody({
  include: Type.Optional(
    Type.Array(Type.Unsafe<'failed' | 'unknown'>({ type: 'string', enum: ['failed', 'unknown'] }), {
      minItems: 1,
      maxItems: 2,
      description:
        'Default: failed. Messages of unknown outcome may have been accepted by the gateway already',
    }),
  ),
  cursor: Type.Optional(CursorParameter),
})

export function addRetryRoute(
  http: HttpServer,
  { runQuery, actOf, log, wake, database, signal, channels }: MailingRouteContext,
): void {
  http.post(
    '/api/v1/mailings/:id/retry-failed',
    {
      config: { access: 'mailings:send' },
      schema: {
        tags: ['mailings'],
        summary: 'Send failed messages again, before the end of the mailing; a completed mailing runs again',
        params: IdParameters,
        body: RetryBody,
        response: { 202: RetriedMessagesSchema, default: ProblemSchema },
      },
    },
    async (request, reply) => {
      const { include = ['failed'], cursor } = request.body ?? {}
      const act = actOf(request)
      const mailingId = request.params.id
      await requireChannelOf(mailingId, channels, { database, runQuery })
      const untilMs = performance.now() + BUDGET_MS
      const mayContinue = () => performance.now() < untilMs && !signal.aborted
      const retryBlock = (block: Pick<RetryOptions, 'afterId' | 'auditId'>) =>
        runQuery(() => retryFailedBlock(database, mailingId, { ...act, include, ...block }))
      const { accepted, nextCursor } = await retryBlocks(
        retryBlock,
        parseIdCursor('retriedMessages', cursor) ?? 0,
        mayContinue,
      )
      if (accepted > 0) {
        log.info({ mailingId, actor: act.actor, action: 'retry_failed', accepted }, 'mailing changed')
        wake.notify()
      }
      return reply.code(202).send({ accepted, nextCursor })
    },
  )
}

/** Retries blocks, at least one, until the last message or until `mayContinue` is false. */
async function retryBlocks(
  retryBlock: (from: Pick<RetryOptions, 'afterId' | 'auditId'>) => ReturnType<typeof retryFailedBlock>,
  afterId: number,
  mayContinue: () => boolean,
) {
  let accepted = 0
  let auditId: number | undefined
  let throughId: number | undefined = afterId
  do {
    const block = await retryBlock({ afterId: throughId, auditId })
    accepted += block.accepted
    ;({ auditId, throughId } = block)
  } while (throughId !== undefined && mayContinue())
  return {
    accepted,
    nextCursor: throughId === undefined ? null : encodeIdCursor('retriedMessages', throughId),
  }
}
