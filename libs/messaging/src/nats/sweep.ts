import type { ConsumerInfo, JetStreamManager, StreamInfo } from 'nats'
import { pause } from '../pause.ts'
import type { StreamSpec } from '../ports.ts'

/** A race between an ack and its removal settles in far less. */
const LOOK_AGAIN_MS = 1_000

/**
 * nats-server 2.9 sometimes keeps messages of a work queue that were delivered and settled. They will never be
 * delivered again and eat the byte limit: purge them.
 *
 * Safe beside publishers: only what lies at or below the delivered sequence goes, and a message that was just
 * published lies above it. Safe beside consumers: nothing is pending or unsettled, twice in a row, at the same
 * sequence of the same durable.
 *
 * @returns how many messages were purged
 */
export async function sweep(jsm: JetStreamManager, spec: StreamSpec, signal: AbortSignal): Promise<number> {
  const first = await look(jsm, spec)
  if (first === undefined) return 0
  await pause(LOOK_AGAIN_MS, signal)
  if (signal.aborted) return 0
  const second = await look(jsm, spec)
  if (second === undefined || second.upTo !== first.upTo || second.created !== first.created) return 0
  const { purged } = await jsm.streams.purge(spec.stream, { seq: second.upTo + 1 })
  return purged
}

interface Leftover {
  /** Highest sequence that was delivered. */
  readonly upTo: number
  /** Of the durable: a new one counts anew. */
  readonly created: string
}

async function look(jsm: JetStreamManager, spec: StreamSpec): Promise<Leftover | undefined> {
  // The stream first: what is published in between can only raise the pending messages of the durable.
  const stream = await jsm.streams.info(spec.stream)
  const durable = await jsm.consumers.info(spec.stream, spec.durable)
  return leftoverOf(stream, durable)
}

/** @returns what the server keeps although it is settled; undefined where there is nothing, or no certainty */
export function leftoverOf(
  stream: Pick<StreamInfo, 'state'>,
  durable: Pick<ConsumerInfo, 'num_pending' | 'num_ack_pending' | 'delivered' | 'created'>,
): Leftover | undefined {
  const upTo = durable.delivered.stream_seq
  if (durable.num_pending > 0 || durable.num_ack_pending > 0) return undefined
  if (stream.state.messages === 0 || stream.state.first_seq > upTo) return undefined
  return { upTo, created: `${durable.created}` }
}
