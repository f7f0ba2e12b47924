import { pause } from '@runnel/runtime'
import { BatchPump, BUFFERED_BATCHES } from '../batch-pump.ts'
import { logHandlerError } from '../log-handler-error.ts'
import type { MessagingLog } from '../messaging-log.ts'
import type { Backlog, ConsumeOptions, Consumer } from '../ports.ts'
import { PublishUnknownError } from '../publish-errors.ts'
import { drainQueue, type DrainedQueue } from './drain-queue.ts'
import { findQueue } from './find-queue.ts'
import { inspectQueue } from './inspect-queue.ts'
import type { Link } from './link.ts'
import { Prefetch } from './prefetch.ts'
import type { QueueKeeper } from './queue-keeper.ts'

interface ConsumerOptions {
  readonly link: Link
  readonly keeper: QueueKeeper
  readonly log: MessagingLog
}

/** Consumes the queue of a stream, and beside it the one that other publishers use under the subject itself, where there is one. */
export class RabbitmqConsumer implements Consumer {
  readonly #options: ConsumerOptions
  readonly #draining = new Set<DrainedQueue>()

  constructor(options: ConsumerOptions) {
    this.#options = options
  }

  async run(options: ConsumeOptions): Promise<void> {
    const { link, keeper, log } = this.#options
    const { spec } = keeper
    const stop = AbortSignal.any([options.signal, link.closing])
    const pump = new BatchPump({
      ...options,
      // The timers of ack waits are in this process: they are far from over while it answers.
      keepAliveMs: spec.ackWaitMs / 3,
      onFreeCapacity: () => undefined,
      onHandlerError: logHandlerError(log, spec.stream, stop),
    })
    const batches = options.concurrency + BUFFERED_BATCHES
    const shared = {
      ...{ link, log, spec, pump, stop },
      newPrefetch: () =>
        new Prefetch({
          maxMessages: Math.min(spec.maxInFlight, batches * options.limits.maxMessages),
          maxBytes: batches * options.limits.maxBytes,
        }),
    }
    const own = drainQueue({ ...shared, queue: spec.queue, ensure: () => keeper.ensure() })
    const foreign = drainQueue({ ...shared, queue: spec.subject, ensure: () => this.#findForeign(stop) })
    const both = [own, foreign]
    for (const drained of both) this.#draining.add(drained)
    await Promise.all(both.map((drained) => drained.stopped))
    await pump.stop()
    await Promise.all(both.map((drained) => drained.close()))
    for (const drained of both) this.#draining.delete(drained)
  }

  async backlog(): Promise<Backlog> {
    const { link, keeper } = this.#options
    const { connection } = link
    if (connection === undefined) throw new PublishUnknownError('The broker is unreachable')
    try {
      const queues = [keeper.spec.queue, ...[...this.#draining].filter(isForeign(keeper)).map(queueOf)]
      const found = await Promise.all(queues.map((queue) => inspectQueue(connection, queue)))
      const pending = found.reduce((sum, queue) => sum + (queue?.messageCount ?? 0), 0)
      return {
        pending,
        ackPending: undefined,
        messages: pending + [...this.#draining].reduce((sum, drained) => sum + drained.unsettled(), 0),
        bytes: undefined,
      }
    } catch (error) {
      throw new PublishUnknownError('The broker did not report its backlog', error)
    }
  }

  /** Waits until there is one. It is opened passively, and never created: its publishers decide what it is. */
  #findForeign(stop: AbortSignal): Promise<void> {
    const { link, keeper, log } = this.#options
    const { stream, subject: queue } = keeper.spec
    return findQueue({
      stop,
      pause: (ms) => pause(ms, stop),
      look: async () => {
        const connection = await link.whenUp(stop)
        if (connection === undefined || (await inspectQueue(connection, queue)) === undefined) return false
        log.info(
          { stream, queue },
          'Consuming the queue of other publishers too; its limits are its own, nothing is refused there',
        )
        return true
      },
      onRefused: (error) =>
        log.warn({ stream, queue, err: error }, 'The queue of other publishers cannot be opened'),
    })
  }
}

function isForeign(keeper: QueueKeeper): (drained: DrainedQueue) => boolean {
  return (drained) => drained.isConsuming() && drained.queue !== keeper.spec.queue
}

function queueOf({ queue }: DrainedQueue): string {
  return queue
}
