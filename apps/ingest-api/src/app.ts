import type { Kind, NextEventId } from '@runnel/contracts'
import {
  createAddressOf,
  createHttpServer,
  createPeerOf,
  createShares,
  DEFAULT_HTTP_OPTIONS,
  partOfPeer,
  type HttpOptions,
  type HttpServer,
  type HttpServerOptions,
} from '@runnel/http'
import type { Broker } from '@runnel/messaging'
import { gauge, observeClock, type Logger, type Metrics } from '@runnel/observability'
import type { FastifyInstance, FastifySchema, onRequestHookHandler, RouteHandlerMethod } from 'fastify'
import type { Readable } from 'node:stream'
import { Type } from 'typebox'
import type { AdmitOptions } from './admit-item.ts'
import { BodyBudget } from './body/body-budget.ts'
import { createInflateInTurn } from './body/inflate-in-turn.ts'
import { createEndpoints, formatOfFailure, type BodyLimits, type Endpoint } from './body/endpoints.ts'
import type { Lane } from './connect-intake.ts'
import { DEFAULT_FORMATS } from './formats/default-formats.ts'
import { elasticRefusalHeaders } from './formats/elastic-bulk/elastic-answer.ts'
import { DeletionQuerySchema, describeIntake } from './formats/event-routes.ts'
import type { IntakeMetrics } from './intake-metrics.ts'
import type { Acknowledge } from './publish-admission.ts'
import { createReplay } from './create-replay.ts'
import type { NoticedClock } from './noticed-clock.ts'
import type { DeadLetterStore } from './dead-letter-store.ts'
import { addDeadLetterRoutes } from './routes/dead-letters.ts'
import { addDeleteRoutes } from './routes/delete-dead-letters.ts'
import { createDeleteProduct } from './routes/delete-product.ts'
import { addReplayRoutes } from './routes/replay-dead-letters.ts'
import {
  createErrorHandler,
  createPostEvents,
  sendAnswer,
  toBuffer,
  type PostOptions,
} from './routes/post-events.ts'
import type { StoredReplies } from './stored-replies.ts'
import type { WireFormat } from './wire-format.ts'

export interface IngestDeps {
  readonly log: Logger
  readonly metrics: Metrics
  readonly broker: Broker
  readonly lanes: Readonly<Record<Kind, Lane>>
  readonly intakeMetrics: IntakeMetrics
  readonly replies: StoredReplies
  readonly deadLetters: DeadLetterStore
  readonly nextId: NextEventId
  /** What {@link nextId} goes by. */
  readonly clock: Pick<NoticedClock, 'offsetMs' | 'problem'>
  readonly keyForm: AdmitOptions['keyForm']
  /** In the order in which they are asked for a body. Default: {@link DEFAULT_FORMATS}. */
  readonly formats?: readonly WireFormat[]
  /** Default: `broker`. */
  readonly acknowledge?: Acknowledge
  readonly limits: BodyLimits & { readonly bodiesLimitBytes: number }
  /** Of the dead letters of a page. */
  readonly pageBytes: number
  readonly storedWaitMs: number
  readonly publishTimeoutMs: number
  /** What /readyz says besides: see HealthOptions. */
  readonly notes?: HttpServerOptions['notes']
  /** How requests are judged before their routes. Default: the settings of an empty environment. */
  readonly httpOptions?: HttpOptions | undefined
  /** Aborted when the process drains. */
  readonly signal: AbortSignal
}

/** How often a clock that is off is looked for, for the log. */
const CLOCK_LOG_MS = 10_000

/** HTTP in, durable acknowledgement out. Builds; the caller listens. */
export async function createIngestApi(deps: IngestDeps): Promise<HttpServer> {
  const app = await createHttpServer({
    log: deps.log,
    metrics: deps.metrics,
    docs: {
      title: 'Runnel ingest-api',
      description: 'Takes in metrics, logs, traces and products. 2xx means durable.',
    },
    checks: {
      broker: () => {
        if (!deps.broker.connected()) throw new Error('the broker is unreachable')
      },
      clock: () => {
        const problem = deps.clock.problem()
        if (problem !== undefined) throw new Error(problem)
      },
    },
    ...(deps.notes && { notes: deps.notes }),
    signal: deps.signal,
    bodyLimitBytes: deps.limits.bodyLimitBytes,
    ignoreTrailingSlash: true,
    refusalHeaders: elasticRefusalHeaders,
    http: deps.httpOptions,
  })
  const report = observeClock(deps.log, deps.metrics, deps.clock)
  const reporting = setInterval(report, CLOCK_LOG_MS).unref()
  app.addHook('onClose', async () => clearInterval(reporting))
  const { deadLetters: store, pageBytes } = deps
  addDeadLetterRoutes(app, { store, pageBytes })
  addDeleteRoutes(app, { store, log: deps.log })
  addReplayRoutes(app, {
    ...{ store, pageBytes, log: deps.log, eventLimitBytes: deps.limits.eventLimitBytes },
    replay: createReplay({ acknowledge: 'broker', ...deps, publisher: deps.broker, store }),
  })
  await app.register(async (scope) => addIntakeRoutes(scope as FastifyInstance, deps))
  return app
}

/** In a scope of its own: here bodies are bytes, and every format decodes them itself. */
function addIntakeRoutes(app: FastifyInstance, deps: IngestDeps): void {
  const { formats = DEFAULT_FORMATS, limits } = deps
  const { peerPercent, trustedProxies } = deps.httpOptions ?? DEFAULT_HTTP_OPTIONS
  const peerOf = createPeerOf(createAddressOf(trustedProxies))
  const totalBytes = limits.bodiesLimitBytes
  const budget = new BodyBudget({ totalBytes, peerBytes: partOfPeer(totalBytes, peerPercent), peerOf })
  const createShare = createShares(deps.metrics, { peerPercent })
  gauge(
    deps.metrics,
    'runnel_bodies_bytes',
    'Bytes of large and compressed bodies in memory',
    [],
    (made) => made.set(budget.bytes),
    'sum',
  )
  const options: PostOptions = {
    inflateInTurn: createInflateInTurn(createShare, budget, peerOf),
    acknowledge: 'broker',
    ...deps,
    eventLimitBytes: limits.eventLimitBytes,
    metrics: deps.intakeMetrics,
  }
  app.removeAllContentTypeParsers()
  // By name as well: what only `*` takes, Fastify reads anew in every request.
  const types = new Set([...formats.flatMap(({ mediaTypes }) => mediaTypes), '*'])
  app.addContentTypeParser([...types], { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.addHook('preParsing', (request, reply, body, done) =>
    budget.charge(request, reply, body as Readable, done as Parameters<BodyBudget['charge']>[3]),
  )
  for (const endpoint of createEndpoints(formats, limits)) addEndpoint(app, endpoint, options)
  for (const format of formats) {
    // Shown from the start, so that the first increase can be seen.
    options.metrics.format(format.name)
    addHandshakes(app, format, options.metrics)
  }
  app.delete(
    '/api/v1/products/:id',
    {
      config: { access: 'products:write' },
      schema: {
        ...describeIntake('products', 'Delete a product'),
        querystring: DeletionQuerySchema,
        params: Type.Object({ id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }) }),
      },
      serializerCompiler: () => String,
    },
    createDeleteProduct(options),
  )
}

function addEndpoint(app: FastifyInstance, endpoint: Endpoint, options: PostOptions): void {
  const { method, url, access, schema, bodyLimitBytes, mayBeCompressed, refusesByItem, anyType } = endpoint
  const compile = app.validatorCompiler!
  app.route({
    method,
    url,
    config: { access, mayBeCompressed, refusesByItem },
    bodyLimit: bodyLimitBytes,
    schema,
    ...(anyType !== undefined && { onRequest: ignoreOddTypes }),
    // A body reaches its format as bytes, whatever its schema says: that is for the documentation.
    validatorCompiler: (route) => (route.httpPart === 'body' ? () => true : compile(route)),
    // Answers are ready-made text or bytes.
    serializerCompiler: () => String,
    handler: createPostEvents(endpoint, options),
    errorHandler: createErrorHandler((type) => formatOfFailure(endpoint, type), options.metrics),
  })
}

/** As far as Fastify needs it: a type and a subtype, tokens of RFC 9110. */
const MEDIA_TYPE = /^\s*[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+\s*(?:;|$)/

/** A route that takes any media type also takes a header that names no media type, such as `json`: Fastify would refuse it before the body is read. */
const ignoreOddTypes: onRequestHookHandler = ({ headers }, _reply, done) => {
  const type = headers['content-type']
  if (type !== undefined && !MEDIA_TYPE.test(type)) headers['content-type'] = 'application/octet-stream'
  done()
}

function addHandshakes(app: FastifyInstance, format: WireFormat, metrics: IntakeMetrics): void {
  const { name, handshakes = [], answerError } = format
  for (const { method, url, summary, access, answer } of handshakes) {
    const schema: FastifySchema & { readonly tags: string[]; readonly summary: string } = {
      tags: [name],
      summary,
    }
    const handler: RouteHandlerMethod = (request, reply) =>
      sendAnswer(reply, answer(request, toBuffer(request.body)))
    const errorHandler = answerError && createErrorHandler(() => format, metrics)
    app.route({ method, url, config: { access }, schema, handler, ...(errorHandler && { errorHandler }) })
  }
}
