import { createHttpServer, type HttpServer } from '@runnel/http'
import type { Logger, Metrics } from '@runnel/observability'

export interface ProducerSimDeps {
  readonly log: Logger
  readonly metrics: Metrics
  /** Aborted when the process drains. */
  readonly signal: AbortSignal
}

/** The largest body that is taken, in bytes. */
const BODY_LIMIT_BYTES = 64 * 1024

/** The simulator as a service: health, metrics and documentation. Replay, load and verify are commands. */
export function createProducerSim({ log, metrics, signal }: ProducerSimDeps): Promise<HttpServer> {
  return createHttpServer({
    log,
    metrics,
    signal,
    docs: { title: 'Runnel producer-sim', description: 'Produces load, and verifies what became of it' },
    checks: {},
    bodyLimitBytes: BODY_LIMIT_BYTES,
  })
}
