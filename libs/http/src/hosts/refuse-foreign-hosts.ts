import type { FastifyInstance } from 'fastify'
import type { HostCheck } from './host-check.ts'

/** What container engines and Prometheus ask for under names of their own. None of them shows or changes data. */
const EXEMPT = new Set(['/healthz', '/readyz', '/metrics'])

/** Refuses requests under names that are not allowed; has to be the first hook, so that nothing else answers them. */
export function refuseForeignHosts(app: FastifyInstance, check: HostCheck): void {
  app.addHook('onRequest', (request, _reply, done) => {
    if (EXEMPT.has(request.routeOptions.url ?? '')) return done()
    done(check.refusalOf(request.raw))
  })
}
