import type { FastifyReply, FastifyRequest } from 'fastify'
import { admitDeletion } from '../admit.ts'
import { answerSingle } from '../formats/json-formats.ts'
import { withNamespace } from '../name-key.ts'
import { readIdempotencyKey } from '../read-idempotency-key.ts'
import { publishAdmission } from '../publish-admission.ts'
import { namePosition, sendAnswer, wantsRow, type PostOptions } from './post-events.ts'

/** A deletion is an event like any other: it leaves a tombstone that an older upsert does not overwrite. */
export function createDeleteProduct(options: PostOptions) {
  return async function deleteProduct(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const requestKey = readIdempotencyKey(request.headers['idempotency-key'])
    const { id } = request.params as { id: number }
    const { version } = request.query as { version?: number }
    const deletion = { id, ...(version !== undefined && { version }) }
    const admission = admitDeletion(deletion, requestKey, withNamespace(request, options))
    const outcome = await publishAdmission(admission, wantsRow(request), options)
    options.metrics.accepted('products', 1)
    namePosition(reply, outcome)
    sendAnswer(reply, answerSingle(outcome, { events: admission.admitted.names() }))
  }
}
