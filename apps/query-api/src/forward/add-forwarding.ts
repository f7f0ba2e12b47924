import { fastifyHttpProxy } from '@fastify/http-proxy'
import { AppError } from '@runnel/contracts'
import { APPS } from '@runnel/contracts/apps'
import {
  createHostCheck,
  declareAccess,
  DEFAULT_HTTP_OPTIONS,
  callerOf,
  createPeerOf,
  createSignFor,
  type AddressOf,
  type CreateShare,
  type HostCheck,
  type HttpOptions,
  type HttpServer,
} from '@runnel/http'
import { appTlsOptions } from '@runnel/runtime'
import type { FastifyRequest } from 'fastify'
import { SERVICE_NAMES, type ServiceName, type Services } from '../services.ts'
import { answerHeaders, requestHeaders } from './forward-headers.ts'

/** Prefixes of addresses that another app answers, where this app does not. */
const FORWARDED = SERVICE_NAMES.flatMap((service) => [
  ...APPS[service].forwardedRoutes.map((prefix) => ({ prefix, service, access: 'signed-in' }) as const),
  ...APPS[service].publicRoutes.map((prefix) => ({ prefix, service, access: 'public' }) as const),
])

/** PUT is forwarded too: the service decides which methods it takes. */
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']
const CONNECT_TIMEOUT_MS = 2000
/** Requests to one service at a time. */
const MAX_REQUESTS = 64
/** Beside them, commands of people: nothing else takes their connections. */
const MAX_COMMANDS = 16
const MAX_WAITING = 200
const WAIT_MS = 5000
const COMMAND =
  /^\/api\/v1\/(?:mailings\/[^/?]+\/(?:approve|schedule|unschedule|pause|resume|cancel)|sending\/resume)(?:\?|$)/
const RETRY_AFTER_MS = 2000

export interface ForwardOptions {
  readonly services: Services
  /** Milliseconds that a service may be silent. */
  readonly timeoutMs: number
  readonly httpOptions?: HttpOptions | undefined
  readonly addressOf: AddressOf
  readonly createShare: CreateShare
}

/**
 * Forwards the addresses of other apps, so that the console has one origin. Bodies are streamed, whatever their size; no
 * request is retried.
 */
export async function addForwarding(app: HttpServer, options: ForwardOptions): Promise<void> {
  const hosts = createHostCheck(options.httpOptions ?? DEFAULT_HTTP_OPTIONS)
  const peerOf = createPeerOf(options.addressOf)
  const shares = new Map(SERVICE_NAMES.map((service) => [service, createServiceShares(service, options)]))
  for (const { prefix, service, access } of FORWARDED)
    await app.register(async (scope) => {
      // Who asks is found out here; what they may do, the service decides.
      declareAccess(scope, access)
      const { requests, commands } = shares.get(service)!
      const share = ({ method, url }: FastifyRequest) =>
        method === 'POST' && COMMAND.test(url) ? commands : requests
      // The service documents them.
      scope.addHook('onRequest', async (request, reply) => {
        const release = await share(request).acquire(callerOf(request, peerOf))
        // Comes after every end of a request, also when the client disconnected.
        if (reply.raw.closed) release()
        else reply.raw.once('close', release)
      })
      scope.addHook('onRoute', (route) => {
        route.schema = { ...route.schema, hide: true } as object
        // What the public may use asks the service whether other sites may: links to opt out.
        if (access === 'public') route.config = { ...route.config, fromAnySite: true }
      })
      await scope.register(fastifyHttpProxy, {
        prefix,
        rewritePrefix: prefix,
        upstream: options.services[service],
        ...proxyOptions(service, options, hosts),
      })
    })
}

/** Whatever hangs under way to a service, another peer gets through, and commands do. */
function createServiceShares(service: ServiceName, { createShare }: ForwardOptions) {
  const limits = { waiting: MAX_WAITING, waitMs: WAIT_MS }
  return {
    requests: createShare({
      name: `requests to ${service}`,
      what: `requests to ${service}`,
      permits: MAX_REQUESTS,
      ...limits,
    }),
    commands: createShare({
      name: `commands to ${service}`,
      what: `commands to ${service}`,
      permits: MAX_COMMANDS,
      ...limits,
    }),
  }
}

function proxyOptions(service: ServiceName, options: ForwardOptions, hosts: HostCheck) {
  const { timeoutMs, addressOf, httpOptions } = options
  const signFor = createSignFor(httpOptions?.access)
  return {
    httpMethods: METHODS,
    disableRequestLogging: true,
    internalRewriteLocationHeader: false,
    // Addresses hold ids: they would only push each other out.
    disableCache: true,
    destroyAgent: true,
    undici: {
      connections: MAX_REQUESTS + MAX_COMMANDS,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      connect: { timeout: CONNECT_TIMEOUT_MS, rejectUnauthorized: true, ...appTlsOptions(httpOptions?.tls) },
    },
    replyOptions: {
      retryDelay: () => null,
      // From what came, not from what the plugin left of it: it drops whatever `Connection` lists, the actor too.
      rewriteRequestHeaders: ({ raw, principal }, { host }) => {
        const { method = '', url = '', headers } = raw
        const identity = signFor(principal, { app: service, method, url })
        return requestHeaders(
          { method, headers, client: addressOf(raw), identity },
          host,
          hosts.publicHostOf(raw),
        )
      },
      rewriteHeaders: answerHeaders,
      onError: (reply, { error }) => void reply.send(problemOf(service, error)),
    },
  } satisfies Partial<Parameters<typeof fastifyHttpProxy>[1]>
}

/** What was wrong with the request itself is no fault of the service. */
function problemOf(service: ServiceName, error: Error): AppError {
  const { cause } = error
  if (cause instanceof AppError) return cause
  return unavailable(service, error)
}

function unavailable(service: ServiceName, cause: unknown): AppError {
  return new AppError(
    'upstream_unavailable',
    `${service} does not answer at the moment`,
    { retryAfterMs: RETRY_AFTER_MS, extra: { service } },
    cause,
  )
}
