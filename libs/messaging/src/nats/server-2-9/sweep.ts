import type { JetStreamManager } from 'nats'
import type { StreamSpec } from '../../ports.ts'
import type { StallWatch } from './stall-watch.ts'

/**
 * After a kill, nats-server 2.9 may hold messages in a work queue that it will never deliver again: what it knows of
 * the durable lies ahead of the stream or behind it. Nobody can tell whether they were settled, so that nothing is
 * purged: the durable is deleted. The next one delivers all that is left, and what had been stored is recognised.
 *
 * Acks of messages in hand go on to count: they name the message by its place in the stream, and the durable by a
 * name that stays.
 *
 * @returns how many messages were stuck; then the durable is gone, and has to be ensured again
 */
export async function sweep(jsm: JetStreamManager, spec: StreamSpec, watch: StallWatch): Promise<number> {
  const stream = await jsm.streams.info(spec.stream)
  const durable = await jsm.consumers.info(spec.stream, spec.durable)
  const stuck = watch.look(stream, durable, performance.now())
  if (stuck === 0) return 0
  await jsm.consumers.delete(spec.stream, spec.durable)
  return stuck
}
