import type { Kind, NextEventId } from '@runnel/contracts'
import { createHttpServer, type HttpServer } from '@runnel/http'
import type { Broker } from '@runnel/messaging'
import type { Logger, Metrics } from '@runnel/observability'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { createBodyBudget } from './body/body-budget.ts'
import type { BodyLimits } from './body/decode-body.ts'
import { MEDIA_TYPES } from './body/decoders.ts'
import type { Acknowledge, Lane } from './intake.ts'
import { createIntakeMetrics } from './intake-metrics.ts'
import { createReplay } from './replay.ts'
import { addDeadLetterRoutes, type DeadLetterStore } from './routes/dead-letters.ts'
import { createDeleteProduct } from './routes/delete-product.ts'
import { describeBody, describeIntake } from './routes/event-schemas.ts'
import { createPostEvents, type PostOptions } from './routes/post-events.ts'
import type { StoredReplies } from './stored-replies.ts'

export interface IngestDeps {
  readonly log: Logger
  readonly metrics: Metrics
  readonly broker: Broker
  readonly lanes: Readonly<Record<Kind, Lane>>
  readonly replies: StoredReplies
  readonly deadLetters: DeadLetterStore
  readonly nextId: NextEventId
  /** Default: `broker`. */
  readonly acknowledge?: Acknowledge
  readonly limits: BodyLimits & { readonly eventLimitBytes: number; readonly bodiesLimitBytes: number }
  readonly storedWaitMs: number
  readonly publishTimeoutMs: number
  /** Aborted when the process drains. */
  readonly signal: AbortSignal
}

/** HTTP in, durable acknowledgement out. Builds; the caller listens. */
export async function createIngestApi(deps: IngestDeps): Promise<HttpServer> {
  const app = await createHttpServer({
    log: deps.log,
    metrics: deps.metrics,
    docs: {
      title: 'Runnel ingest-api',
      description: 'Takes in metrics, logs and products. 2xx means durable.',
    },
    checks: {
      broker: () => {
        if (!deps.broker.connected()) throw new Error('the broker is away')
      },
    },
    signal: deps.signal,
    bodyLimitBytes: deps.limits.bodyLimitBytes,
  })
  addDeadLetterRoutes(app, {
    store: deps.deadLetters,
    replay: createReplay({ acknowledge: 'broker', ...deps, publisher: deps.broker, store: deps.deadLetters }),
  })
  await app.register(async (scope) => addIntakeRoutes(scope as FastifyInstance, deps))
  return app
}

const ROUTES: readonly { readonly url: string; readonly kind: Kind; readonly summary: string }[] = [
  { url: '/api/v1/metrics', kind: 'metrics', summary: 'One metric, an array of them, or NDJSON' },
  { url: '/api/v1/logs', kind: 'logs', summary: 'One log entry, an array of them, or NDJSON' },
  { url: '/log', kind: 'logs', summary: 'The same as /api/v1/logs' },
  { url: '/api/v1/products', kind: 'products', summary: 'One product, an array of them, or NDJSON: upserts' },
]

/** In a scope of its own: here bodies are bytes, and every route decodes them itself. */
function addIntakeRoutes(app: FastifyInstance, deps: IngestDeps): void {
  const options: PostOptions = {
    nextId: deps.nextId,
    acknowledge: deps.acknowledge ?? 'broker',
    replies: deps.replies,
    storedWaitMs: deps.storedWaitMs,
    metrics: createIntakeMetrics(deps.metrics, Object.values(deps.lanes)),
    ...deps.limits,
  }
  app.removeAllContentTypeParsers()
  // By name as well: what only `*` takes, Fastify reads anew in every request.
  app.addContentTypeParser([...MEDIA_TYPES, '*'], { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  )
  app.addHook(
    'onRequest',
    createBodyBudget({ totalBytes: deps.limits.bodiesLimitBytes, unknownBytes: deps.limits.bodyLimitBytes }),
  )
  const compile = app.validatorCompiler!
  for (const { url, kind, summary } of ROUTES) {
    app.post(
      url,
      {
        schema: { ...describeIntake(kind, summary), body: describeBody(kind) },
        validatorCompiler: (route) => (route.httpPart === 'body' ? () => true : compile(route)),
        // Answers are ready-made text.
        serializerCompiler: () => String,
      },
      createPostEvents(deps.lanes[kind], options),
    )
  }
  app.delete(
    '/api/v1/products/:id',
    {
      schema: {
        ...describeIntake('products', 'Delete a product'),
        params: Type.Object({ id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }) }),
      },
      serializerCompiler: () => String,
    },
    createDeleteProduct(deps.lanes.products, options),
  )
}
