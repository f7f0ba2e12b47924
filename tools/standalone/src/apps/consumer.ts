import { createConsumer } from '@runnel/consumer'
import { createMetrics } from '@runnel/observability'
import { listen } from '../listen.ts'
import type { Parts } from '../parts.ts'

/**
 * Broker to PGlite. It ends on a signal of its own, after ingest-api has closed: until then requests wait for its word.
 */
export async function startConsumer(parts: Parts): Promise<void> {
  const { broker, cleanup, config, createLog, database, specs, topology } = parts
  const stop = new AbortController()
  const app = await createConsumer({
    log: createLog('consumer'),
    metrics: createMetrics('consumer'),
    broker,
    database,
    topology,
    specs,
    ...config.consumer.batches,
    maintenance: config.consumer.maintenance,
    signal: stop.signal,
  })
  const running = app.run()
  cleanup.defer(async () => {
    stop.abort()
    await running
  })
  await listen(parts, 'consumer', app.http)
}
