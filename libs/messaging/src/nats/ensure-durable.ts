import { AckPolicy, DeliverPolicy, nanos, ReplayPolicy, type JetStreamManager } from 'nats'
import type { StreamSpec } from '../ports.ts'
import { orMissing } from './api-error.ts'
import { requireFreshDurable } from './server-2-9/require-fresh-durable.ts'

/**
 * Creates or updates. A durable that an earlier life of the server has created is created again: see server-life.ts.
 *
 * @param description of a durable that this life of the server has created; undefined where that is not known
 */
export async function ensureDurable(
  jsm: JetStreamManager,
  spec: StreamSpec,
  description: string | undefined,
): Promise<void> {
  const wanted = {
    ...(description !== undefined && { description }),
    ack_wait: nanos(spec.ackWaitMs),
    max_ack_pending: spec.maxInFlight,
    max_deliver: -1,
  }
  let found = await orMissing(jsm.consumers.info(spec.stream, spec.durable))
  if (found !== undefined && description !== undefined && found.config.description !== description) {
    await orMissing(jsm.consumers.delete(spec.stream, spec.durable))
    found = undefined
  }
  if (found === undefined) {
    await jsm.consumers.add(spec.stream, {
      durable_name: spec.durable,
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.All,
      replay_policy: ReplayPolicy.Instant,
      ...wanted,
    })
    await requireFreshDurable(jsm, spec)
  } else if (
    found.config.ack_wait !== wanted.ack_wait ||
    found.config.max_ack_pending !== wanted.max_ack_pending ||
    found.config.max_deliver !== wanted.max_deliver
  ) {
    await jsm.consumers.update(spec.stream, spec.durable, wanted)
  }
}
