import { KINDS, type Kind, type Topology } from '@runnel/contracts'
import type { MessagingLog } from './messaging-log.ts'
import type { Broker, StreamSpec } from './ports.ts'

/** The settings of the streams, as the environment gives them; see `streamSettings` of @runnel/runtime. */
export interface StreamConfig {
  readonly METRICS_STREAM_BYTES: number
  readonly LOGS_STREAM_BYTES: number
  readonly PRODUCTS_STREAM_BYTES: number
  readonly ACK_WAIT_MS: number
  readonly MAX_IN_FLIGHT: number
}

/** The work-queue stream of each kind. Publisher and consumer ensure the same ones; the first one creates them. */
export function streamSpecs(topology: Topology, config: StreamConfig): Record<Kind, StreamSpec> {
  const maxBytes: Record<Kind, number> = {
    metrics: config.METRICS_STREAM_BYTES,
    logs: config.LOGS_STREAM_BYTES,
    products: config.PRODUCTS_STREAM_BYTES,
  }
  const specs = KINDS.map((kind) => [
    kind,
    {
      stream: topology.stream(kind),
      subject: topology.subject(kind),
      durable: topology.durable(kind),
      maxBytes: maxBytes[kind],
      ackWaitMs: config.ACK_WAIT_MS,
      maxInFlight: config.MAX_IN_FLIGHT,
    },
  ])
  return Object.fromEntries(specs) as Record<Kind, StreamSpec>
}

/**
 * Ensures all streams in the background: the broker may be unreachable for hours. A stream that it refuses for good, for
 * example because its limits are lower, is logged; publishes to it fail until an operator mends that.
 */
export function ensureStreams(
  broker: Pick<Broker, 'ensureStream'>,
  specs: Readonly<Record<Kind, StreamSpec>>,
  log: MessagingLog,
): void {
  for (const spec of Object.values(specs)) {
    broker.ensureStream(spec).catch((error: unknown) => {
      log.warn(
        { err: error, stream: spec.stream },
        'The stream could not be created or updated; publishes to it fail until the broker accepts its settings',
      )
    })
  }
}
