import type { NextEventId } from '@runnel/contracts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { admit, readIdempotencyKey, type Admission, type AdmitOptions } from '../admit.ts'
import { decodeBody, type BodyLimits } from '../body/decode-body.ts'
import type { DecodedBody } from '../body/decoders.ts'
import {
  publishAdmission,
  publishAndWait,
  type IntakeAnswer,
  type IntakeOptions,
  type Lane,
} from '../intake.ts'
import type { IntakeMetrics } from '../intake-metrics.ts'
import { publishUntilStored } from '../publish-until-stored.ts'
import { answerBatch, answerSingle } from './answers.ts'

export interface PostOptions extends IntakeOptions, BodyLimits {
  readonly nextId: NextEventId
  readonly eventLimitBytes: number
  readonly metrics: IntakeMetrics
}

/** Body -> items -> admission -> broker -> answer. */
export function createPostEvents(lane: Lane, options: PostOptions) {
  const { kind } = lane
  return async function postEvents(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const decoding = decodeBody(toBuffer(request.body), request.headers, options)
    const decoded = decoding instanceof Promise ? await decoding : decoding
    const requestKey = readIdempotencyKey(request.headers['idempotency-key'])
    const admission = admitCounted(decoded, { ...options, kind, requestKey })
    const answer = await publish(lane, admission, request, options)
    options.metrics.accepted(kind, admission.admitted.length)
    return decoded.single
      ? answerSingle(reply, answer, admission.admitted[0]!.id)
      : answerBatch(reply, answer)
  }
}

/** Counts what is refused, also where that is the whole body. @throws AppError of admit */
function admitCounted(decoded: DecodedBody, options: AdmitOptions & Pick<PostOptions, 'metrics'>): Admission {
  const { kind, metrics } = options
  try {
    const admission = admit(decoded, options)
    metrics.rejected(kind, admission.rejected.length)
    return admission
  } catch (error) {
    metrics.rejected(kind, decoded.items.length)
    throw error
  }
}

/** @param request whose query has passed its schema: `wait` is `stored`, or not there */
export function publish(
  lane: Lane,
  admission: Admission,
  request: FastifyRequest,
  options: IntakeOptions,
): Promise<IntakeAnswer> {
  const { wait } = request.query as { wait?: 'stored' }
  if (options.acknowledge === 'stored') return publishUntilStored(lane, admission, wait === 'stored', options)
  return wait === undefined
    ? publishAdmission(lane.commit, admission)
    : publishAndWait(lane, admission, options)
}

/** A request without a body reaches the route as undefined. */
function toBuffer(body: unknown): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0)
}
