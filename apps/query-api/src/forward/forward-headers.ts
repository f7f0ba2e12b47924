import { EMAIL_PAGE_POLICY } from '@runnel/http'
import type { IncomingHttpHeaders } from 'node:http'

/**
 * Headers that mean one connection alone, RFC 9110 7.6.1, and `expect`, which was answered here already. Names that begin
 * with `proxy-` are among them.
 */
const OF_ONE_CONNECTION = new Set([
  'connection',
  'keep-alive',
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
 * What callers prove themselves with to this app, which services do not see: they get an identity that this app signed. And what
 * was judged here: the service has another name, and would judge it wrongly.
 */
const OF_THIS_ORIGIN = new Set([
  ...['cookie', 'cookie2', 'authorization', 'x-api-key', 'api-key', 'dd-api-key'],
  ...['runnel-identity', 'x-forwarded-user', 'x-forwarded-user-secret'],
  ...['origin', 'forwarded'],
])

/** What an answer would make a browser, or a proxy in front, do to the whole origin; and what this app says itself. */
const COMMANDS = new Set([
  'content-security-policy',
  'x-frame-options',
  'referrer-policy',
  'set-cookie',
  'set-cookie2',
  'clear-site-data',
  'www-authenticate',
  'strict-transport-security',
  'alt-svc',
  'refresh',
  'service-worker-allowed',
])

/** `Connection` lists what ends here. What services act upon does not end here, whatever a sender lists. */
const END_TO_END = new Set([
  ...OF_BODIES,
  'host',
  'idempotency-key',
  'x-forwarded-host',
  'accept',
  'cache-control',
])

/** A request as far as it decides about its headers. */
interface ForwardedRequest {
  readonly method: string
  /** As they came. */
  readonly headers: IncomingHttpHeaders
  /** The address that sent it, or that a trusted proxy has named. */
  readonly client: string
  /** Says on whose behalf it is. */
  readonly identity: Readonly<Record<string, string>>
}

/**
 * Headers of a request as the service gets them. A body of GET or HEAD was not read, and is not forwarded.
 *
 * @param target host and port of the service
 * @param publicHost host and port under which a browser knows this app
 */
export function requestHeaders(
  { method, headers, client, identity }: ForwardedRequest,
  target: string | undefined,
  publicHost: string | undefined,
): IncomingHttpHeaders {
  const bodiless = method === 'GET' || method === 'HEAD'
  return {
    ...without(
      headers,
      (name) =>
        OF_THIS_ORIGIN.has(name) || name.startsWith('sec-fetch-') || (bodiless && OF_BODIES.has(name)),
    ),
    ...(target !== undefined && { host: target }),
    'x-forwarded-host': publicHost,
    'x-forwarded-for': client,
    ...identity,
  }
}

/** Headers of an answer as the client gets them. */
export function answerHeaders(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return {
    ...without(
      headers,
      (name) =>
        COMMANDS.has(name) ||
        name.startsWith('access-control-') ||
        name.startsWith('x-accel-') ||
        name === 'x-sendfile',
    ),
    'x-content-type-options': 'nosniff',
    // The one policy of a service that counts here: it allows nothing but styles.
    ...(headers['content-security-policy'] === EMAIL_PAGE_POLICY && {
      'content-security-policy': EMAIL_PAGE_POLICY,
    }),
  }
}

function without(headers: IncomingHttpHeaders, isLeft: (name: string) => boolean): IncomingHttpHeaders {
  const listed = new Set(
    (headers.connection ?? '')
      .toLowerCase()
      .split(',')
      .map((name) => name.trim()),
  )
  return Object.fromEntries(
    Object.entries(headers).filter(
      ([name]) =>
        !OF_ONE_CONNECTION.has(name) &&
        !name.startsWith('proxy-') &&
        !(listed.has(name) && !END_TO_END.has(name)) &&
        !isLeft(name),
    ),
  )
}
