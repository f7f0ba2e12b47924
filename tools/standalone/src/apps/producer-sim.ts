import { createMetrics } from '@runnel/observability'
import { createProducerSim, streamOptions, type FakeGateway } from '@runnel/producer-sim'
import { listen } from '../listen.ts'
import type { Parts } from '../parts.ts'
import { urlOf } from '../urls.ts'

/** The simulator, which sends to ingest-api over HTTP as anybody does. */
export async function startProducerSim(parts: Parts, gateway: FakeGateway): Promise<void> {
  const app = 'producer-sim'
  const { cleanup, createLog } = parts
  const ingestUrl = urlOf(parts.config, 'INGEST_API_PORT')
  const config = { ...parts.config, PORT: parts.config.PRODUCER_SIM_PORT, INGEST_URL: ingestUrl }
  const http = await createProducerSim({
    log: createLog(app),
    metrics: createMetrics(app),
    signal: cleanup.signal,
    ingestUrl,
    gateway,
    stream: streamOptions(config),
  })
  await listen(parts, app, http, 'PRODUCER_SIM_PORT')
}
