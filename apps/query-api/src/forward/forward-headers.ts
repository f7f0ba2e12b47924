import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'

/** Headers that mean one connection alone, RFC 9110 7.6.1, and `expect`, which was answered here already. */
const OF_ONE_CONNECTION = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
  'expect',
])

/** What a request without a body may not announce. */
const OF_BODIES = new Set(['content-length', 'content-type', 'content-encoding'])

/**
 * Headers of a request as the service gets them. A body of GET or HEAD was not read, and is not forwarded. The
 * service gets the host under which a browser knows this app: it compares that to the origin of the page.
 */
export function requestHeaders(
  { method, headers: asked }: Pick<IncomingMessage, 'method' | 'headers'>,
  headers: IncomingHttpHeaders,
): IncomingHttpHeaders {
  const bodiless = method === 'GET' || method === 'HEAD'
  const host = asked['x-forwarded-host'] ?? asked.host
  return {
    ...without(headers, (name) => bodiless && OF_BODIES.has(name)),
    ...(host !== undefined && { 'x-forwarded-host': host }),
  }
}

/** Headers of an answer as the client gets them. */
export function answerHeaders(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return { ...without(headers, () => false), 'x-content-type-options': 'nosniff' }
}

function without(headers: IncomingHttpHeaders, left: (name: string) => boolean): IncomingHttpHeaders {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !OF_ONE_CONNECTION.has(name) && !left(name)),
  )
}
