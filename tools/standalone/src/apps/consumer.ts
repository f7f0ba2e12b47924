import { createConsumer } from '@runnel/consumer'
import type { HttpServer } from '@runnel/http'
import { createMetrics } from '@runnel/observability'
import { httpOptionsOf } from '@runnel/runtime'
import { listen } from '../listen.ts'
import type { AppDeps } from '../deps.ts'

/**
 * Broker to PGlite. It ends on a signal of its own, after ingest-api has closed: until then requests wait for its word.
 */
export async function startConsumer(deps: AppDeps): Promise<HttpServer> {
  const { broker, cleanup, clock, config, createLog, database, specs, timekeeper, topology } = deps
  const stop = new AbortController()
  const app = await createConsumer({
    log: createLog('consumer'),
    metrics: createMetrics('consumer'),
    broker,
    database,
    clock,
    timekeeper,
    topology,
    specs,
    ...config.consumer.batches,
    maintenance: config.consumer.maintenance,
    httpOptions: httpOptionsOf(config, 'consumer', deps.keys),
    signal: stop.signal,
  })
  const running = app.run()
  cleanup.defer(async () => {
    stop.abort()
    await running
  })
  await listen(deps, 'consumer', app.http)
  return app.http
}
