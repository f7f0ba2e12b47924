import { AppError } from '@runnel/contracts'
import type { IncomingMessage } from 'node:http'
import { createHostJudge } from './host-judge.ts'
import { createProxyTrust } from './trusted-proxies.ts'

export interface HostOptions {
  /** Names in lower case, without ports, beside IP addresses and localhost. */
  readonly allowedHosts: readonly string[]
  /** IP addresses and networks of proxies whose `X-Forwarded-Host` counts. */
  readonly trustedProxies: readonly string[]
}

/** What a check reads of a request. */
type HostRequest = Pick<IncomingMessage, 'url' | 'httpVersion' | 'rawHeaders' | 'headers' | 'socket'>

export interface HostCheck {
  /** @returns why a request is refused: AppError bad_request | host_not_allowed */
  refusalOf(request: HostRequest): AppError | undefined
  /** @returns every name that it gives, each with its port */
  authoritiesOf(request: HostRequest): string[]
  /** @returns the name that a browser used: what a trusted proxy was asked for, else `Host` */
  publicHostOf(request: HostRequest): string | undefined
  /** @returns scheme and name that a browser used: `https` over TLS, or where a trusted proxy says so */
  publicOriginOf(request: HostRequest): string
}

/** A name of a page that attacks may be as long as it likes; the answer repeats this much of it. */
const MAX_SHOWN = 100

/**
 * A page whose own name was pointed at this server (DNS rebinding) is of the same origin for the browser and may read
 * and write everything: only the name gives it away. Every name that a request gives has to be allowed: `Host`, the one in
 * the target (`GET http://name/`), and what a trusted proxy says it was asked for, for a proxy may rename the host.
 */
export function createHostCheck({ allowedHosts, trustedProxies }: HostOptions): HostCheck {
  const judge = createHostJudge(allowedHosts)
  const isTrusted = createProxyTrust(trustedProxies)
  const forwardedHosts = ({ headers, socket }: HostRequest): string[] => {
    const forwarded = headers['x-forwarded-host']
    return forwarded !== undefined && isTrusted(socket)
      ? [forwarded].flat().join(',').split(',').map(trim)
      : []
  }
  const authoritiesOf = (request: HostRequest): string[] => {
    const { url = '/', headers } = request
    const target = url[0] !== '/' && URL.canParse(url) ? [new URL(url).host] : []
    return [headers.host ?? '', ...target, ...forwardedHosts(request)]
  }
  const publicHostOf = (request: HostRequest) => forwardedHosts(request)[0] ?? request.headers.host
  const publicOriginOf = (request: HostRequest) => {
    const { headers, socket } = request
    const told = isTrusted(socket) ? headers['x-forwarded-proto'] : undefined
    const scheme = told === undefined ? schemeOf(socket) : trim([told].flat().join(',').split(',', 1)[0]!)
    return `${scheme === 'https' ? 'https' : 'http'}://${publicHostOf(request) ?? ''}`
  }
  const refusalOf = (request: HostRequest): AppError | undefined => {
    const given = countHosts(request.rawHeaders)
    // HTTP/1.0 needs none, and no browser leaves it out.
    if (given === 0 && request.httpVersion === '1.0' && request.url?.[0] === '/') return undefined
    if (given !== 1) return malformed(given === 0 ? 'is missing' : 'is given more than once')
    for (const authority of authoritiesOf(request)) {
      const verdict = judge(authority)
      if (verdict === 'malformed') return malformed('is malformed')
      if (verdict === 'refused') return refused(authority)
    }
    return undefined
  }
  return { refusalOf, authoritiesOf, publicHostOf, publicOriginOf }
}

/** Node keeps the first of several in `headers`; another reader of the same bytes may take the last one. */
function countHosts(rawHeaders: readonly string[]): number {
  let count = 0
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!
    if (name.length === 4 && name.toLowerCase() === 'host') count++
  }
  return count
}

function trim(text: string): string {
  return text.trim()
}

function schemeOf(socket: HostRequest['socket']): 'https' | 'http' {
  return 'encrypted' in socket ? 'https' : 'http'
}

function malformed(what: string): AppError {
  return new AppError('bad_request', `The header Host ${what}`, {
    field: 'host',
    expected: 'one host name or IP address, with or without a port',
  })
}

function refused(authority: string): AppError {
  const shown = authority.slice(0, MAX_SHOWN)
  return new AppError(
    'host_not_allowed',
    `This server does not answer under the name ${shown}: to allow it, add the name to the setting ALLOWED_HOSTS`,
    { field: 'host', expected: 'an IP address, localhost, or a name in ALLOWED_HOSTS' },
  )
}
