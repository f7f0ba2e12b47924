import { fastifyHttpProxy } from '@fastify/http-proxy'
import { AppError } from '@runnel/contracts'
import { APPS } from '@runnel/contracts/apps'
import {
  createHostCheck,
  DEFAULT_HTTP_OPTIONS,
  type AddressOf,
  type HostCheck,
  type HttpOptions,
  type HttpServer,
} from '@runnel/http'
import { SERVICE_NAMES, type ServiceName, type Services } from '../services.ts'
import { answerHeaders, requestHeaders } from './forward-headers.ts'

/** Prefixes of addresses that another app answers, where this app does not. */
const FORWARDED = SERVICE_NAMES.flatMap((service) =>
  APPS[service].forwardedRoutes.map((prefix) => ({ prefix, service })),
)

/** PUT is forwarded too: the service decides which methods it takes. */
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']
const CONNECT_TIMEOUT_MS = 2000
/** Connections to one service. */
const MAX_CONNECTIONS = 64
const RETRY_AFTER_MS = 2000

export interface ForwardOptions {
  readonly services: Services
  /** Milliseconds that a service may be silent. */
  readonly timeoutMs: number
  readonly httpOptions?: HttpOptions | undefined
  readonly addressOf: AddressOf
}

/**
 * Forwards the addresses of other apps, so that the console has one origin. Bodies are streamed, whatever their size; no
 * request is retried.
 */
export async function addForwarding(app: HttpServer, options: ForwardOptions): Promise<void> {
  const hosts = createHostCheck(options.httpOptions ?? DEFAULT_HTTP_OPTIONS)
  for (const { prefix, service } of FORWARDED)
    await app.register(async (scope) => {
      // The service documents them.
      scope.addHook('onRoute', (route) => void (route.schema = { ...route.schema, hide: true } as object))
      await scope.register(fastifyHttpProxy, {
        prefix,
        rewritePrefix: prefix,
        upstream: options.services[service],
        ...proxyOptions(service, options, hosts),
      })
    })
}

function proxyOptions(service: ServiceName, { timeoutMs, addressOf }: ForwardOptions, hosts: HostCheck) {
  return {
    httpMethods: METHODS,
    disableRequestLogging: true,
    internalRewriteLocationHeader: false,
    // Addresses hold ids: they would only push each other out.
    disableCache: true,
    destroyAgent: true,
    undici: {
      connections: MAX_CONNECTIONS,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      connect: { timeout: CONNECT_TIMEOUT_MS, rejectUnauthorized: true },
    },
    replyOptions: {
      retryDelay: () => null,
      // From what came, not from what the plugin left of it: it drops whatever `Connection` lists, the actor too.
      rewriteRequestHeaders: ({ raw }, { host }) =>
        requestHeaders(
          { method: raw.method ?? '', headers: raw.headers, client: addressOf(raw) },
          host,
          hosts.publicHostOf(raw),
        ),
      rewriteHeaders: answerHeaders,
      onError: (reply, { error }) => void reply.send(unavailable(service, error)),
    },
  } satisfies Partial<Parameters<typeof fastifyHttpProxy>[1]>
}

function unavailable(service: ServiceName, cause: unknown): AppError {
  return new AppError(
    'upstream_unavailable',
    `${service} does not answer at the moment`,
    { retryAfterMs: RETRY_AFTER_MS, extra: { service } },
    cause,
  )
}
