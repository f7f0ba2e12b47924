import { createMetrics } from '@runnel/observability'
import { createProducerSim, type FakeGateway } from '@runnel/producer-sim'
import { listen } from '../listen.ts'
import type { Parts } from '../parts.ts'
import { urlOf } from '../url-of.ts'

/** The simulator, which sends to ingest-api over HTTP as anybody does. */
export async function startProducerSim(parts: Parts, gateway: FakeGateway): Promise<void> {
  const app = 'producer-sim'
  const { cleanup, config, createLog } = parts
  const http = await createProducerSim({
    log: createLog(app),
    metrics: createMetrics(app),
    signal: cleanup.signal,
    ingestUrl: urlOf(config, 'ingest-api'),
    gateway,
    stream: config.simulator.stream,
  })
  await listen(parts, app, http)
}
