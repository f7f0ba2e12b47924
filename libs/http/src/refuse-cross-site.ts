import { AppError } from '@runnel/contracts'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { HostCheck } from './hosts/host-check.ts'

const READING = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * There is no login, so that any page of the web could have a browser write for it: a request that changes something has
 * to come from a page of this origin, or from no page at all, as those of scripts and curl do.
 *
 * Browsers send `Sec-Fetch-Site` (only where they trust the connection: https and localhost) or `Origin`. A proxy in front
 * may rename the host, and sends the original in `X-Forwarded-Host`, which counts where the proxy is trusted.
 *
 * Every app does so: a port that only this machine reaches is reached by its browser too, and a request without a body
 * needs no permission.
 */
export function refuseCrossSite(app: FastifyInstance, hosts: HostCheck): void {
  app.addHook('onRequest', (request, _reply, done) => done(findCrossSite(request, hosts)))
}

/** @returns an AppError cross_site for one that comes from elsewhere */
function findCrossSite(request: FastifyRequest, hosts: HostCheck): AppError | undefined {
  const { method, headers, raw } = request
  if (READING.has(method) || request.routeOptions.config.fromAnySite) return undefined
  const { origin, 'sec-fetch-site': site } = headers
  if (site !== undefined)
    return site === 'same-origin' || site === 'none' ? undefined : refusal('sec-fetch-site')
  if (origin === undefined) return undefined
  const from = URL.canParse(origin) ? new URL(origin).host : undefined
  return from !== undefined && hosts.authoritiesOf(raw).includes(from) ? undefined : refusal('origin')
}

function refusal(field: string): AppError {
  return new AppError('cross_site', 'A page of another site may not change anything here', {
    field,
    expected: 'a request from a page of this origin, or from no browser',
  })
}
