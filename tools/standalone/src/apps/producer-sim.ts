import type { HttpServer } from '@runnel/http'
import { createMetrics } from '@runnel/observability'
import { createProducerSim } from '@runnel/producer-sim'
import { httpOptionsOf } from '@runnel/runtime'
import { listen } from '../listen.ts'
import type { AppDeps } from '../deps.ts'
import { urlOf } from '../url-of.ts'

/** The simulator, which sends to ingest-api over HTTP, as any producer does. */
export async function startProducerSim(deps: AppDeps): Promise<HttpServer> {
  const app = 'producer-sim'
  const { cleanup, config, createLog, gateway } = deps
  const http = await createProducerSim({
    log: createLog(app),
    metrics: createMetrics(app),
    httpOptions: httpOptionsOf(config, 'producer-sim', deps.keys),
    signal: cleanup.signal,
    ingestUrl: urlOf(config, 'ingest-api'),
    gateway,
    stream: config.simulator.stream,
  })
  await listen(deps, app, http)
  return http
}
