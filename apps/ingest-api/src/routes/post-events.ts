import type { Kind, NextEventId } from '@runnel/contracts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { admit, readIdempotencyKey, type Admission } from '../admit.ts'
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
  return async function postEvents(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const sending = send(lane, request, options)
    const { answered, accepted, singleId } = sending instanceof Promise ? await sending : sending
    const answer = await answered
    options.metrics.accepted(lane.kind, accepted)
    if (singleId === undefined) answerBatch(reply, answer)
    else answerSingle(reply, answer, singleId)
  }
}

/** What is kept of a request whose events are with the broker. */
interface Sent {
  readonly answered: Promise<IntakeAnswer>
  readonly accepted: number
  /** Id of the event, where it was one and no batch. */
  readonly singleId: string | undefined
}

/**
 * Everything up to the broker. Not part of the async function above: that keeps all its variables while it awaits, and what
 * hundreds of batches consist of (90 KB each) would be copied by the collector again and again.
 *
 * @returns at once for a plain body: the hot path pays for no extra turn
 * @throws AppError of decodeBody, readIdempotencyKey and admit
 */
function send(lane: Lane, request: FastifyRequest, options: PostOptions): Sent | Promise<Sent> {
  const decoding = decodeBody(toBuffer(request.body), request.headers, options)
  return andThen(decoding, (decoded) => {
    const requestKey = readIdempotencyKey(request.headers['idempotency-key'])
    return andThen(admitCounted(decoded, requestKey, lane.kind, options), (admission) => ({
      answered: publish(lane, admission, request, options),
      accepted: admission.admitted.length,
      singleId: decoded.form === 'single' ? admission.admitted[0]!.id : undefined,
    }))
  })
}

function andThen<T, R>(value: T | Promise<T>, next: (value: T) => R | Promise<R>): R | Promise<R> {
  return value instanceof Promise ? value.then(next) : next(value)
}

/** Counts what is refused, also where that is the whole body. @throws AppError of admit */
function admitCounted(
  decoded: DecodedBody,
  requestKey: string | undefined,
  kind: Kind,
  { nextId, eventLimitBytes, metrics }: PostOptions,
): Admission | Promise<Admission> {
  const count = (admission: Admission) => {
    metrics.rejected(kind, admission.rejected.length)
    return admission
  }
  const countAll = (error: unknown): never => {
    metrics.rejected(kind, decoded.texts.length)
    throw error
  }
  try {
    const admitting = admit(decoded, { kind, nextId, requestKey, eventLimitBytes })
    return admitting instanceof Promise ? admitting.then(count, countAll) : count(admitting)
  } catch (error) {
    return countAll(error)
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
