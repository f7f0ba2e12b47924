import { chargeEvents, requireQuota, toAppError, retryAfterSeconds, statusOf } from '@runnel/http'
import { AppError, POSITION_HEADER, type Kind } from '@runnel/contracts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { requireAdmitted } from '../admit.ts'
import type { AdmitOptions } from '../admit-item.ts'
import type { Admission } from '../admitted-events.ts'
import { admitCounted } from '../admit-counted.ts'
import { withNamespace } from '../name-key.ts'
import { readIdempotencyKey } from '../read-idempotency-key.ts'
import type { Endpoint } from '../body/endpoints.ts'
import type { InflateInTurn } from '../body/inflate-in-turn.ts'
import { readBody, type ReadBody } from '../body/read-body.ts'
import type { IntakeMetrics } from '../intake-metrics.ts'
import { publishAdmission, type PublishOptions } from '../publish-admission.ts'
import type { SentBody, WireAnswer, WireFormat, WireOutcome } from '../wire-format.ts'

export interface PostOptions extends PublishOptions, AdmitOptions {
  readonly metrics: IntakeMetrics
  readonly inflateInTurn: InflateInTurn
}

/** Body -> format -> events -> admission -> broker -> answer. */
export function createPostEvents(endpoint: Endpoint, options: PostOptions) {
  return async function postEvents(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const sending = send(endpoint, request, options)
    const sent = sending instanceof Promise ? await sending : sending
    let outcome: WireOutcome
    try {
      outcome = await sent.answered
    } catch (error) {
      options.metrics.format(sent.format.name).failed.add()
      return sendFailure(request, reply, sent.format, error as Error, sent.context)
    }
    countAnswered(options.metrics, sent)
    namePosition(reply, outcome)
    const answer = sent.format.answer(outcome, sent)
    // Only a large one is not there at once: the hot path pays for no extra turn.
    sendAnswer(reply, answer instanceof Promise ? await answer : answer)
  }
}

function countAnswered(metrics: IntakeMetrics, { format, kinds, count }: Sent): void {
  metrics.accepted(kinds, count)
  const { accepted, answered } = metrics.format(format.name)
  accepted.add(count)
  answered.add()
}

/** What is kept of a request whose events are with the broker. */
interface Sent extends SentBody {
  readonly format: WireFormat
  readonly answered: Promise<WireOutcome>
  /** Of the admitted events. */
  readonly kinds: Kind | readonly Kind[]
  readonly count: number
}

/**
 * Everything up to the broker, in functions that return at once for a plain body: the hot path pays for no extra turn. Not
 * part of the async function above: that keeps all its variables while it awaits, and what hundreds of batches consist of
 * (90 KB each) would be copied by the collector again and again.
 *
 * @throws AppError of readBody
 */
function send(endpoint: Endpoint, request: FastifyRequest, options: PostOptions): Sent | Promise<Sent> {
  const inTurn = (inflate: () => Promise<Buffer>) => options.inflateInTurn(request, inflate)
  const reading = readBody(endpoint, toBuffer(request.body), request, inTurn)
  if (reading instanceof Promise) return reading.then((read) => sendDecoded(read, request, options))
  return sendDecoded(reading, request, options)
}

/** What goes wrong from here on is answered with the context of the body. */
function sendDecoded(
  { format, decoded }: ReadBody,
  request: FastifyRequest,
  options: PostOptions,
): Sent | Promise<Sent> {
  const { context } = decoded
  try {
    requireQuota(request)
    const requestKey = readIdempotencyKey(request.headers['idempotency-key']) ?? decoded.requestKey
    const tallies = options.metrics.format(format.name)
    const admitting = admitCounted(decoded, requestKey, withNamespace(request, options), tallies)
    if (!(admitting instanceof Promise)) return sendAdmitted(format, context, admitting, request, options)
    return admitting
      .then((admission) => sendAdmitted(format, context, admission, request, options))
      .catch((error: unknown) => sendNothing(format, context, error))
  } catch (error) {
    return sendNothing(format, context, error)
  }
}

/** @throws AppError nothing_accepted */
function sendAdmitted(
  format: WireFormat,
  context: unknown,
  admission: Admission,
  request: FastifyRequest,
  options: PostOptions,
): Sent {
  const { admitted, admittedKinds, rejected } = admission
  chargeEvents(request, admitted.length + rejected.length)
  if (!format.answersEmpty) requireAdmitted(admission)
  const events = format.namesEvents ? admitted.names() : NO_EVENTS
  return {
    format,
    context,
    answered: publishAdmission(admission, wantsRow(request), options),
    kinds: admittedKinds,
    count: admitted.length,
    events,
  }
}

const NO_EVENTS: SentBody['events'] = []

function sendNothing(format: WireFormat, context: unknown, error: unknown): Sent {
  return { format, context, answered: Promise.reject(error as Error), kinds: [], count: 0, events: NO_EVENTS }
}

/** @param request whose query has passed its schema: `wait` is `stored`, or not there */
export function wantsRow({ query }: Pick<FastifyRequest, 'query'>): boolean {
  return (query as { wait?: unknown }).wait === 'stored'
}

/** A request without a body reaches the route as undefined. */
export function toBuffer(body: unknown): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0)
}

/**
 * What goes wrong before there is a body, in the form of the format that it would have had. Fastify waits for a promise of its handler,
 * which its types do not say.
 *
 * @param formatOf by the content type of the request
 */
export function createErrorHandler(
  formatOf: (contentType: string | undefined) => WireFormat,
  metrics: IntakeMetrics,
) {
  return function answerError(error: Error, request: FastifyRequest, reply: FastifyReply): unknown {
    // A pattern for all addresses met that of another route, which does not belong to this format.
    if (error instanceof AppError && error.code === 'method_not_allowed') return reply.sendProblem(error)
    const format = formatOf(request.headers['content-type'])
    metrics.format(format.name).failed.add()
    return sendFailure(request, reply, format, error, undefined)
  }
}

/** Not thrown to the handler of the server, which a flood of refused requests would pay for, and which would be counted twice. */
function sendFailure(
  request: FastifyRequest,
  reply: FastifyReply,
  format: WireFormat,
  cause: Error,
  context: unknown,
): void | Promise<void> {
  if (!format.answerError) return reply.sendProblem(cause)
  const error = toAppError(cause)
  const status = statusOf(error.code)
  if (status === 500) reply.log.error({ err: cause }, 'request failed')
  const answer = format.answerError({ error, status, request, context })
  const sendWritten = (written: WireAnswer) => sendAnswer(reply, withRetryAfter(written, error))
  return answer instanceof Promise ? answer.then(sendWritten) : sendWritten(answer)
}

/** A status that stands for what passes comes with the time to wait. */
function withRetryAfter(answer: WireAnswer, error: AppError): WireAnswer {
  const seconds = retryAfterSeconds(error)
  if (seconds === undefined || (answer.status !== 429 && answer.status !== 503)) return answer
  return { ...answer, headers: { ...answer.headers, 'retry-after': String(seconds) } }
}

/** What the client may show to query-api, so as to find there what was stored here. */
export function namePosition(reply: FastifyReply, { position }: WireOutcome): void {
  if (position !== undefined) reply.header(POSITION_HEADER, position)
}

export function sendAnswer(reply: FastifyReply, { status, headers, body }: WireAnswer): void {
  void reply.code(status).headers(headers).send(body)
}
