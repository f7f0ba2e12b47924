import type { HttpServer } from '@runnel/http'

/** Milliseconds that a body may take to arrive. */
const BODY_MS = 30_000

/**
 * Cuts requests whose bodies take too long. The server's own limit is one for all routes, and imports take long.
 *
 * @param except routes whose bodies have a limit of their own
 */
export function endSlowBodies(http: HttpServer, except: readonly string[]): void {
  http.addHook('onRequest', (request, _reply, done) => {
    const { headers } = request
    const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length']) > 0
    if (hasBody && !except.includes(request.routeOptions.url ?? '')) {
      const timer = setTimeout(() => request.raw.destroy(), BODY_MS).unref()
      const clear = () => clearTimeout(timer)
      request.raw.once('end', clear).once('close', clear)
    }
    done()
  })
}
