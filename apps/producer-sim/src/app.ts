import { KINDS } from '@runnel/contracts'
import { createHttpServer, createSignOwn, type HttpOptions, type HttpServer } from '@runnel/http'
import type { Logger, Metrics } from '@runnel/observability'
import { appTlsOptions } from '@runnel/runtime'
import { loadConfig } from './config.ts'
import type { FakeGateway } from './gateway/fake-gateway.ts'
import { addGatewayRoutes } from './gateway/gateway-routes.ts'
import { createIngestClient } from './http/ingest-client.ts'
import { addStreamRoutes } from './routes/stream-routes.ts'
import { EventStream } from './stream/event-stream.ts'
import type { StreamOptions } from './stream/stream-options.ts'

export interface ProducerSimDeps {
  readonly log: Logger
  readonly metrics: Metrics
  /** Aborted when the process drains. */
  readonly signal: AbortSignal
  /** Base URL of ingest-api; it need not be there yet. */
  readonly ingestUrl: string
  /** Controlled over REST; the caller opens and closes its port. */
  readonly gateway: FakeGateway
  /** How requests are judged before their routes. Default: the settings of an empty environment. */
  readonly httpOptions?: HttpOptions | undefined
  /** Default: what the settings are without an environment. */
  readonly stream?: StreamOptions
}

/** The largest body that is taken, in bytes. */
const BODY_LIMIT_BYTES = 64 * 1024
/** What ingest-api may take for an answer: twice its own deadline for the broker. */
const REQUEST_TIMEOUT_MS = 10_000

/**
 * The simulator as a service: a steady stream of events and a fake gateway, both shaped over REST. Replay, load and
 * verify are commands.
 * Closing the server, or aborting the signal, stops the stream.
 *
 * @throws CommandError for an ingestUrl that is no http or https URL
 */
export async function createProducerSim(deps: ProducerSimDeps): Promise<HttpServer> {
  const { log, metrics, signal, stream: options = loadConfig({}).stream } = deps
  const signOwn = createSignOwn(
    deps.httpOptions?.access,
    KINDS.map((kind) => `${kind}:write` as const),
  )
  const client = createIngestClient({
    sign: (path) => signOwn('ingest-api', 'POST', path),
    url: deps.ingestUrl,
    tls: appTlsOptions(deps.httpOptions?.tls),
    connections: options.maxOutstanding,
    timeoutMs: REQUEST_TIMEOUT_MS,
  })
  const app = await createHttpServer({
    log,
    metrics,
    signal,
    docs: {
      title: 'Runnel producer-sim',
      description: 'A steady stream of events that look real, and a fake gateway',
    },
    checks: {},
    bodyLimitBytes: BODY_LIMIT_BYTES,
    http: deps.httpOptions,
  })
  const stream = new EventStream({ log, metrics, client, options })
  addStreamRoutes(app, stream)
  addGatewayRoutes(app, deps.gateway)
  signal.addEventListener('abort', () => void stream.close(), { once: true })
  app.addHook('onReady', () => (options.autostart ? stream.start() : Promise.resolve()))
  app.addHook('onClose', async () => {
    await stream.close()
    await client.close()
  })
  return app
}
