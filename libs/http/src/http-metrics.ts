import { histogram, type Metrics } from '@runnel/observability'
import type { FastifyInstance } from 'fastify'

const BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/**
 * Times every request by method, route pattern and status. The labelled child is looked up in a plain map: asking
 * prom-client for labels at each request costs more than the rest of the hook.
 */
export function observeRequests(app: FastifyInstance, metrics: Metrics): void {
  const durations = histogram(
    metrics,
    'runnel_http_request_duration_seconds',
    'Time from the first byte of a request to its answer',
    ['method', 'route', 'status'],
    BUCKETS_SECONDS,
  )
  const children = new Map<string, { observe(seconds: number): void }>()
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unmatched'
    const key = `${request.method} ${route} ${reply.statusCode}`
    let child = children.get(key)
    if (!child) {
      child = durations.labels(request.method, route, String(reply.statusCode))
      children.set(key, child)
    }
    child.observe(reply.elapsedTime / 1000)
    done()
  })
}
