import { KINDS, type Kind, type Topology } from '@runnel/contracts'
import type { MessagingLog } from './messaging-log.ts'
import type { Broker, StreamSpec } from './ports.ts'

/** Limits of the streams; see `streamSettings` of @runnel/runtime for defaults. */
export interface StreamConfig {
  readonly maxBytes: Readonly<Record<Kind, number>>
  /** Milliseconds after which a message that was not acknowledged is delivered again. */
  readonly ackWaitMs: number
  /** Messages of a kind that may be delivered and not yet acknowledged at a time. */
  readonly maxInFlight: number
  /** As in {@link StreamSpec}. */
  readonly replicas?: number
}

/** The work-queue stream of each kind. Publisher and consumer ensure the same ones; the first one creates them. */
export function streamSpecs(
  topology: Topology,
  { maxBytes, ackWaitMs, maxInFlight, replicas = 0 }: StreamConfig,
): Record<Kind, StreamSpec> {
  const specs = KINDS.map((kind) => [
    kind,
    {
      stream: topology.stream(kind),
      subject: topology.subject(kind),
      queue: topology.queue(kind),
      durable: topology.durable(kind),
      maxBytes: maxBytes[kind],
      ackWaitMs,
      maxInFlight,
      replicas,
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
