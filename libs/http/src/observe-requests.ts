import { histogram, type Metrics } from '@runnel/observability'
import type { FastifyInstance } from 'fastify'

const BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** The labelled histograms of one route by method, then status. */
type Children = Record<string, Record<number, { observe(seconds: number): void }>>

/**
 * Times every request by method, route pattern and status. The labelled child is looked up step by step: a key made of all
 * three, or asking prom-client for labels at each request, costs more than the rest of the hook.
 */
export function observeRequests(app: FastifyInstance, metrics: Metrics): void {
  const durations = histogram(
    metrics,
    'runnel_http_request_duration_seconds',
    'Time from the first byte of a request to its answer',
    ['method', 'route', 'status'],
    BUCKETS_SECONDS,
  )
  const routes = new Map<string, Children>()
  app.addHook('onResponse', (request, reply, done) => {
    const { method } = request
    const route = request.routeOptions.url ?? 'unmatched'
    let methods = routes.get(route)
    if (!methods) routes.set(route, (methods = {}))
    const statuses = (methods[method] ??= {})
    const child = (statuses[reply.statusCode] ??= durations.labels(method, route, String(reply.statusCode)))
    child.observe(reply.elapsedTime / 1000)
    done()
  })
}
