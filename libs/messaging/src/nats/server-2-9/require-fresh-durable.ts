import type { JetStreamManager } from 'nats'
import type { StreamSpec } from '../../ports.ts'
import { orMissing } from '../api-error.ts'

/**
 * Where one process creates a durable while another one deletes it, nats-server 2.9 may give the new one the state of the old,
 * whose files are still there: it takes for settled what the stream holds. Seen after 2 of 12 restarts with two consumers.
 *
 * @throws Error when it has deleted such a durable; the next attempt finds no files
 */
export async function requireFreshDurable(
  jsm: JetStreamManager,
  { stream, durable }: StreamSpec,
): Promise<void> {
  const { ack_floor } = await jsm.consumers.info(stream, durable)
  // Later than the floor: what was acked up to it is gone from a work queue.
  const { state } = await jsm.streams.info(stream)
  if (state.messages === 0 || ack_floor.stream_seq < state.first_seq) return
  await orMissing(jsm.consumers.delete(stream, durable))
  throw new Error('The durable has inherited the state of a deleted one')
}
