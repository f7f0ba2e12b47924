import { createHttpServer, type HttpServer } from '@runnel/http'
import type { Logger, Metrics } from '@runnel/observability'

export interface MessageDispatcherDeps {
  readonly log: Logger
  readonly metrics: Metrics
  /** Aborted when the process drains. */
  readonly signal: AbortSignal
}

/** The largest body that is taken, in bytes. */
const BODY_LIMIT_BYTES = 1024 * 1024

/** Clients, mailings and the sending of messages. For now it serves health, metrics and documentation. */
export function createMessageDispatcher({
  log,
  metrics,
  signal,
}: MessageDispatcherDeps): Promise<HttpServer> {
  return createHttpServer({
    log,
    metrics,
    signal,
    docs: {
      title: 'Runnel message-dispatcher',
      description: 'Sends mailings to clients through an external gateway',
    },
    checks: {},
    bodyLimitBytes: BODY_LIMIT_BYTES,
  })
}
