import {
  CursorParameter,
  encodeIdCursor,
  IdParameters,
  parseIdCursor,
  ProblemSchema,
  type HttpServer,
} from '@runnel/http'
import { retryFailedBlock, type RetryOptions } from '@runnel/repositories'
import { Type } from 'typebox'
import type { MailingRoom } from './mailing-route-context.ts'
import { OptionalBody } from './optional-body.ts'

/** Milliseconds after which one request begins no further block; the caller goes on from nextCursor. */
const BUDGET_MS = 5000

const RetryBody = OptionalBody({
  include: Type.Optional(
    Type.Array(Type.Unsafe<'failed' | 'unknown'>({ type: 'string', enum: ['failed', 'unknown'] }), {
      minItems: 1,
      maxItems: 2,
      description: 'Default: failed. The gateway may have taken messages of unknown outcome',
    }),
  ),
  cursor: Type.Optional(CursorParameter),
})

const Retried = Type.Object({
  accepted: Type.Integer({ description: 'Messages that are to be sent again' }),
  nextCursor: Type.Union([Type.String(), Type.Null()], {
    description: 'Not null: there are more; call again with it as cursor',
  }),
})

export function addRetryRoute(
  http: HttpServer,
  { ask, actOf, log, wake, database, signal }: MailingRoom,
): void {
  http.post(
    '/api/v1/mailings/:id/retry-failed',
    {
      schema: {
        tags: ['mailings'],
        summary: 'Send failed messages again, before the end; a completed mailing runs again',
        params: IdParameters,
        body: RetryBody,
        response: { 202: Retried, default: ProblemSchema },
      },
    },
    async (request, reply) => {
      const { include = ['failed'], cursor } = request.body ?? {}
      const act = actOf(request)
      const mailingId = request.params.id
      const untilMs = performance.now() + BUDGET_MS
      const goOn = () => performance.now() < untilMs && !signal.aborted
      const retryBlock = (block: Pick<RetryOptions, 'afterId' | 'auditId'>) =>
        ask(() => retryFailedBlock(database, mailingId, { ...act, include, ...block }))
      const { accepted, nextCursor } = await retryBlocks(
        retryBlock,
        parseIdCursor('retriedMessages', cursor) ?? 0,
        goOn,
      )
      if (accepted > 0) {
        log.info({ mailingId, actor: act.actor, action: 'retry_failed', accepted }, 'mailing changed')
        wake.notify()
      }
      return reply.code(202).send({ accepted, nextCursor })
    },
  )
}

/** Block after block, at least one, until the last message or until there is no time for more. */
async function retryBlocks(
  retryBlock: (from: Pick<RetryOptions, 'afterId' | 'auditId'>) => ReturnType<typeof retryFailedBlock>,
  afterId: number,
  goOn: () => boolean,
) {
  let accepted = 0
  let auditId: number | undefined
  let throughId: number | undefined = afterId
  do {
    const block = await retryBlock({ afterId: throughId, auditId })
    accepted += block.accepted
    ;({ auditId, throughId } = block)
  } while (throughId !== undefined && goOn())
  return {
    accepted,
    nextCursor: throughId === undefined ? null : encodeIdCursor('retriedMessages', throughId),
  }
}
