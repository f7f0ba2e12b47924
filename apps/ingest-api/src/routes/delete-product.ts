import type { FastifyReply, FastifyRequest } from 'fastify'
import { admitDeletion, readIdempotencyKey } from '../admit.ts'
import type { Lane } from '../intake.ts'
import { answerSingle } from './answers.ts'
import { publish, type PostOptions } from './post-events.ts'

/** A deletion is an event like any other: it leaves a tombstone that an older upsert does not overwrite. */
export function createDeleteProduct(lane: Lane, options: PostOptions) {
  return async function deleteProduct(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const requestKey = readIdempotencyKey(request.headers['idempotency-key'])
    const event = admitDeletion((request.params as { id: number }).id, {
      ...options,
      kind: lane.kind,
      requestKey,
    })
    const answer = await publish(lane, { admitted: [event], rejected: [] }, request, options)
    options.metrics.accepted(lane.kind, 1)
    answerSingle(reply, answer, event.id)
  }
}
