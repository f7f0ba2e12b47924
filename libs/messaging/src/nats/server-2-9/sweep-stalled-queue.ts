import { pause } from '@runnel/runtime'
import type { JetStreamManager } from 'nats'
import type { BatchPump } from '../../batch-pump.ts'
import type { MessagingLog } from '../../messaging-log.ts'
import type { StreamSpec, SweptMessages } from '../../ports.ts'
import type { Link } from '../link.ts'
import type { StreamKeeper } from '../stream-keeper.ts'
import { StallWatch } from './stall-watch.ts'

export interface SweepOptions {
  readonly link: Link
  readonly keeper: StreamKeeper
  readonly log: MessagingLog
  readonly sweepEveryMs: number
  readonly onSweep: (swept: SweptMessages) => void
}

/**
 * After a kill, nats-server 2.9 may hold messages in a work queue that it will never deliver again: what it knows of the
 * durable lies ahead of the stream or behind it. Nothing shows whether they were settled, so that nothing is purged: the
 * durable is deleted and created again. The new one delivers all that is left, and what had been stored is recognised.
 *
 * Acks of messages in hand go on to count: they name the message by its place in the stream, and the durable by a name
 * that stays.
 *
 * Several processes sweep the same queue: at odd times, so that mostly one acts and the others see a new durable.
 *
 * @param stop ends it
 */
export async function sweepStalledQueue(
  options: SweepOptions,
  pump: BatchPump,
  stop: AbortSignal,
): Promise<void> {
  const { link, keeper, log, onSweep, sweepEveryMs } = options
  const { stream, ackWaitMs } = keeper.spec
  const watch = new StallWatch(ackWaitMs)
  for (;;) {
    await pause(sweepEveryMs * (0.5 + Math.random()), stop)
    if (stop.aborted) return
    // Without PostgreSQL, for example, messages wait because of this process or another consumer.
    if (link.connection === undefined || pump.longestMs() > ackWaitMs) {
      watch.forget()
      continue
    }
    try {
      const messages = await sweepOnce(await keeper.manager(link.connection), keeper.spec, watch)
      if (messages === 0) continue
      log.warn({ stream, messages }, 'The broker had stopped delivering: all it holds is delivered again')
      onSweep({ stream, messages })
      await keeper.ensure()
    } catch (error) {
      log.debug({ stream, err: error }, 'The sweep failed')
    }
  }
}

/** @returns how many messages were stuck; then the durable is gone, and has to be ensured again */
async function sweepOnce(jsm: JetStreamManager, spec: StreamSpec, watch: StallWatch): Promise<number> {
  const stream = await jsm.streams.info(spec.stream)
  const durable = await jsm.consumers.info(spec.stream, spec.durable)
  const stuck = watch.check(stream, durable, performance.now())
  if (stuck === 0) return 0
  await jsm.consumers.delete(spec.stream, spec.durable)
  return stuck
}
