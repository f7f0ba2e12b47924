import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { VERSION } from '@runnel/contracts'
import type { Logger, Metrics } from '@runnel/observability'
import type { TlsSettings } from '@runnel/runtime'
import {
  fastify,
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifySchema,
  type RawServerDefault,
} from 'fastify'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Server } from 'node:tls'
import { declareAccess, requireDeclaredAccess } from './access/declared-access.ts'
import type { AccessOptions } from './access/access-options.ts'
import { describeAccess, SECURITY_SCHEMES } from './access/describe-access.ts'
import { endWithAccess } from './access/end-with-access.ts'
import { guardRoutes } from './access/guard-routes.ts'
import { notesOfAccess } from './access/notes-of-access.ts'
import { meterKeys } from './access/quotas/meter-keys.ts'
import { Connections } from './connections/connections.ts'
import type { RefusalHeaders } from './connections/describe-client-error.ts'
import { endSlowClients, type ClientLimits } from './connections/end-slow-clients.ts'
import type { LingerOptions } from './connections/lingering.ts'
import { describeQuery } from './describe-query.ts'
import { createHostCheck, type HostOptions } from './hosts/host-check.ts'
import { refuseForeignHosts } from './hosts/refuse-foreign-hosts.ts'
import { addHealthRoutes, type ReadinessCheck } from './health-routes.ts'
import { observeRequests } from './observe-requests.ts'
import { answerUnknownRoutes } from './answer-unknown-routes.ts'
import { retryAfterSeconds, toProblem } from './problem.ts'
import { refuseCrossSite } from './refuse-cross-site.ts'
import { SECURITY_HEADERS, secureAnswers } from './secure-answers.ts'
import { createAddressOf, createPeerOf } from './sharing/peer-of.ts'
import { followCertificates, tlsServerOptions } from './tls/tls-server.ts'
import { toAppError } from './to-app-error.ts'
import { createValidator } from './create-validator.ts'

/** A Fastify instance whose routes are typed by their TypeBox schemas. */
export type HttpServer = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

/** Building an app reads local files alone; past this time something hangs. */
const PLUGIN_TIMEOUT_MS = 120_000

declare module 'fastify' {
  interface FastifyReply {
    /** Answers an error as a problem, as one that is thrown is answered where its route has no handler of errors. */
    sendProblem(error: Error): void
  }
}

interface DocsOptions {
  readonly title: string
  readonly description: string
}

/** How every app judges requests before it looks at their routes; the settings of httpSettings. */
export interface HttpOptions extends HostOptions, LingerOptions {
  /** Whom the app lets in. Default: everything is open. */
  readonly access?: AccessOptions | undefined
  /** Files of its certificate, and of who may connect. Default: plain http. */
  readonly tls?: TlsSettings | undefined
  /** Percent of each pool that one peer may hold. */
  readonly peerPercent: number
  /** What clients may be slow in. */
  readonly clients: ClientLimits
}

/** What the settings are without an environment. */
export const DEFAULT_HTTP_OPTIONS: HttpOptions = {
  allowedHosts: [],
  trustedProxies: [],
  peerPercent: 80,
  drainTimeoutMs: 5000,
  drainLimitBytes: 10 * 1024 ** 2,
  drainConnectionsPerPeer: 64,
  clients: { slowMs: 10_000, slowBytes: 4096, waitingBytes: 128 * 1024 ** 2 },
}

export interface HttpServerOptions {
  readonly log: Logger
  readonly metrics: Metrics
  readonly docs: DocsOptions
  /** What /readyz checks. */
  readonly checks: Readonly<Record<string, ReadinessCheck>>
  /** What /readyz says besides: see HealthOptions. */
  readonly notes?: Readonly<Record<string, () => string | undefined>>
  /** Aborted when the process drains. */
  readonly signal: AbortSignal
  /** Largest body, in bytes as received. */
  readonly bodyLimitBytes: number
  /** Milliseconds a client may take to send one request; 0 for no limit. */
  readonly requestTimeoutMs?: number
  /** `/log/` is `/log`. Default: false. */
  readonly ignoreTrailingSlash?: boolean
  /**
   * Headers of every refusal at an address, also of one that no route has or that is malformed: for clients that look for them before anything
   * else. Default: none.
   *
   * @param url as it was received
   */
  readonly refusalHeaders?: RefusalHeaders
  /** Default: those of an empty environment. */
  readonly http?: HttpOptions | undefined
}

/**
 * What every app serves: problems as application/problem+json, 404 and 405, health, metrics and documentation. Requests
 * under names that are not allowed, and from pages of other sites that change something, are refused. The app adds its routes and listens.
 */
export async function createHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const http = options.http ?? DEFAULT_HTTP_OPTIONS
  const addressOf = createAddressOf(http.trustedProxies)
  const connections = new Connections(
    http,
    options.bodyLimitBytes,
    createPeerOf(addressOf),
    options.refusalHeaders,
  )
  const refuse = (error: Error, { url }: Pick<FastifyRequest, 'url'>, reply: FastifyReply): void => {
    void reply.headers(options.refusalHeaders?.(url) ?? {})
    sendProblem(options.log, error, reply)
  }
  const app: HttpServer = fastify({
    loggerInstance: options.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: options.bodyLimitBytes,
    requestTimeout: options.requestTimeoutMs ?? 30_000,
    routerOptions: { maxParamLength: 1024, ignoreTrailingSlash: options.ignoreTrailingSlash ?? false },
    // Reading the files of Swagger UI took more than the 10 s of the default where processors were scarce, and the start failed.
    pluginTimeout: PLUGIN_TIMEOUT_MS,
    ...listenerOptions(http.tls),
    // Ends idle keep-alive connections at close, so that a drain does not wait for them.
    forceCloseConnections: 'idle',
    // A request that still comes over a busy connection is served, with the note that the connection ends: the app closes
    // before what it depends on.
    return503OnClosing: false,
    clientErrorHandler: connections.onClientError,
    frameworkErrors: (error, request, reply) => refuse(error, request, reply as unknown as FastifyReply),
  })
  if (http.tls?.certFile) keepCertificate(app, http.tls, options.log)
  app.setValidatorCompiler(createValidator())
  app.setErrorHandler(refuse)
  app.decorateReply('sendProblem', function (this: FastifyReply, error: Error) {
    refuse(error, this.request, this)
  })
  // Fastify would hand text to routes that expect an object.
  app.removeContentTypeParser('text/plain')
  requireDeclaredAccess(app as unknown as FastifyInstance)
  secureAnswers(app)
  const hosts = createHostCheck(http)
  refuseForeignHosts(app, hosts)
  answerUnknownRoutes(app, options.ignoreTrailingSlash ?? false)
  endConnections(app, connections, options.bodyLimitBytes)
  endSlowClients(app, { log: options.log, metrics: options.metrics, limits: http.clients })
  refuseCrossSite(app, hosts)
  observeRequests(app, options.metrics)
  guardRoutes(app as unknown as FastifyInstance, {
    access: http.access,
    addressOf,
    metrics: options.metrics,
  })
  const countUnanswered = meterKeys(app as unknown as FastifyInstance, {
    keys: http.access?.keys,
    metrics: options.metrics,
  })
  if (http.access?.auth === 'keys') endWithAccess(app as unknown as FastifyInstance, countUnanswered)
  await addDocs(app, options.docs)
  addHealthRoutes(app, {
    metrics: options.metrics,
    checks: options.checks,
    notes: { ...options.notes, ...notesOfAccess(http.access) },
    checkTimeoutMs: 2000,
    draining: () => options.signal.aborted,
  })
  return app
}

const SERVER_OPTIONS = {
  // The check of hosts answers with a problem.
  requireHostHeader: false,
  // By default Node.js keeps the first Authorization, Host or Content-Type of several, where a proxy may have judged the last.
  joinDuplicateHeaders: true,
} as const

/** What Fastify makes its server of; its types let the protocol change them, and nothing here depends on that. */
function listenerOptions(tls: TlsSettings | undefined): { http: typeof SERVER_OPTIONS } {
  const server = SERVER_OPTIONS
  if (!tls?.certFile) return { http: server }
  return { https: { ...tlsServerOptions(tls), ...server } } as unknown as { http: typeof server }
}

function keepCertificate(app: HttpServer, tls: TlsSettings, log: Logger): void {
  const stop = followCertificates(app.server as unknown as Server, tls, log)
  app.addHook('onClose', (_, done) => {
    stop()
    done()
  })
}

/** A route whose body may be larger than others' says so by its `bodyLimit`. */
function endConnections(app: HttpServer, connections: Connections, bodyLimitBytes: number): void {
  connections.watch(app.server)
  app.addHook('onRoute', (route) => {
    const { bodyLimit = 0 } = route
    if (bodyLimit <= bodyLimitBytes) return
    const setLimit = (request: FastifyRequest, _reply: FastifyReply, done: () => void) => {
      connections.setBodyLimit(request.raw, bodyLimit)
      done()
    }
    route.onRequest = [route.onRequest ?? [], setLimit].flat()
  })
  app.addHook('onResponse', (request, _reply, done) => {
    if (request.raw.complete === false) connections.limitRest(request.raw)
    done()
  })
  app.addHook('preClose', (done) => {
    connections.endSilent()
    done()
  })
}

/** Answers every error. A 4xx is the caller's, and is not logged as an error of this app. */
function sendProblem(log: Logger, error: Error, reply: FastifyReply): void {
  const appError = toAppError(error)
  const problem = toProblem(appError)
  if (problem.status === 500) log.error({ err: error }, 'request failed')
  const retryAfter = retryAfterSeconds(appError)
  if (retryAfter !== undefined) void reply.header('retry-after', String(retryAfter))
  // What is still to come of the body is not waited for.
  if (appError.code === 'body_too_slow') void reply.header('connection', 'close')
  // Where the address is malformed, no hook has run.
  if (!reply.hasHeader('x-content-type-options')) void reply.headers(SECURITY_HEADERS)
  void reply
    .code(problem.status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .send(JSON.stringify(problem))
}

/**
 * Without `upgrade-insecure-requests`, which leaves the page blank on every plain http address but localhost, and without the
 * foreign hosts of the policy that Swagger UI brings along. Its parts carry styles inline.
 */
const DOCS_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Swagger UI at /docs and the OpenAPI document at /docs/json, made from the routes' schemas. */
async function addDocs(app: FastifyInstance, { title, description }: DocsOptions): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title, description, version: VERSION },
      components: { securitySchemes: SECURITY_SCHEMES },
    },
    transform: ({ schema, url, route }) => {
      const declared = route.config?.access
      if (!schema || declared === undefined) return { schema, url }
      const { description, querystring } = schema as {
        readonly description?: string
        readonly querystring?: unknown
      }
      const query = querystring === undefined ? {} : { querystring: describeQuery(querystring) }
      const described = { ...schema, ...query, ...describeAccess(declared, description) }
      return { schema: described as FastifySchema, url }
    },
  })
  await app.register(async (scope) => {
    declareAccess(scope, 'signed-in')
    await scope.register(swaggerUi, {
      routePrefix: '/docs',
      staticCSP: DOCS_POLICY,
      // Its badge would send the address of this server to a validator on the web.
      uiConfig: { validatorUrl: null },
    })
  })
}
