import { AppError } from '@runnel/contracts'
import type { FastifyRequest } from 'fastify'
import type { HttpServer } from './create-http-server.ts'

const READING = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Nobody logs in here, so that any page of the web could have a browser write for it: a request that changes something
 * has to come from a page of this origin, or from no page at all, as scripts and curl do.
 *
 * Browsers tell by `Sec-Fetch-Site` (only where they trust the connection: https and localhost) or by `Origin`. A proxy
 * in front may rename the host, and says so in `X-Forwarded-Host`; no page can send that header unasked.
 *
 * Every app does so: a port that only this machine reaches is reached by its browser too, and a request without a body
 * needs nobody's leave.
 */
export function refuseCrossSite(app: HttpServer): void {
  app.addHook('onRequest', (request, _reply, done) => done(findCrossSite(request)))
}

/** @returns an AppError cross_site for one that comes from elsewhere */
function findCrossSite({ method, headers }: FastifyRequest): AppError | undefined {
  if (READING.has(method)) return undefined
  const { origin, host, 'sec-fetch-site': site, 'x-forwarded-host': forwardedHost } = headers
  if (site !== undefined)
    return site === 'same-origin' || site === 'none' ? undefined : refusal('sec-fetch-site')
  if (origin === undefined) return undefined
  const from = URL.canParse(origin) ? new URL(origin).host : undefined
  return from !== undefined && (from === host || from === forwardedHost) ? undefined : refusal('origin')
}

function refusal(field: string): AppError {
  return new AppError('cross_site', 'A page of another site may change nothing here', {
    field,
    expected: 'a request from a page of this origin, or from no browser',
  })
}
