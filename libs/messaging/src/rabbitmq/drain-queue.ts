import { orAborted, pause } from '@runnel/runtime'
import type { BatchPump } from '../batch-pump.ts'
import type { MessagingLog } from '../messaging-log.ts'
import type { StreamSpec } from '../ports.ts'
import type { Link } from './link.ts'
import type { Prefetch } from './prefetch.ts'
import { QueueSubscription } from './queue-subscription.ts'

const RETRY_MS = 200
/** Of attempts that fail, the first one is logged, and then one in so many: an outage fills no disk. */
const LOGGED_FAILURES = 60

interface DrainOptions {
  readonly link: Link
  readonly log: MessagingLog
  readonly spec: StreamSpec
  readonly queue: string
  readonly pump: BatchPump
  readonly stop: AbortSignal
  readonly newPrefetch: () => Prefetch
  /** Resolves when the queue is there. */
  readonly ensure: () => Promise<void>
}

/** The consuming of one queue, for as long as the signal says. */
export interface DrainedQueue {
  readonly queue: string
  /** Resolves after the signal, when no more messages come. What is held can be settled until close(). */
  readonly stopped: Promise<void>
  isConsuming(): boolean
  /** Messages that were delivered to this process and are not settled. */
  unsettled(): number
  close(): Promise<void>
}

/** Subscribes to a queue again whenever a subscription ends, however long the broker or the queue is gone. */
export function drainQueue(options: DrainOptions): DrainedQueue {
  let current: QueueSubscription | undefined
  let failures = 0
  const onFailure = (err: unknown): void => {
    const { stop, log, spec, queue } = options
    if (failures++ % LOGGED_FAILURES === 0 && !stop.aborted)
      log.warn({ stream: spec.stream, queue, err, failures }, 'The queue cannot be consumed yet')
  }
  const run = async (): Promise<void> => {
    const { stop, log, queue } = options
    while (!stop.aborted) {
      const subscription = await subscribe(options, onFailure)
      if (subscription === undefined) continue
      current = subscription
      failures = 0
      const why = await orAborted(subscription.ended, stop)
      await subscription.stop()
      if (stop.aborted) return
      log.warn({ stream: options.spec.stream, queue, why }, 'Consuming was interrupted')
      await subscription.close()
      await pause(RETRY_MS, stop)
    }
  }
  return {
    queue: options.queue,
    stopped: run(),
    isConsuming: () => current !== undefined,
    unsettled: () => current?.unsettled ?? 0,
    close: async () => current?.close(),
  }
}

/** @returns undefined where it did not come about: it may be tried again */
async function subscribe(
  options: DrainOptions,
  onFailure: (error: unknown) => void,
): Promise<QueueSubscription | undefined> {
  const { link, stop, pump, queue, spec, log } = options
  try {
    await orAborted(options.ensure(), stop)
  } catch (error) {
    onFailure(error)
    await pause(10 * RETRY_MS, stop)
    return undefined
  }
  // What an earlier subscription left in the buffer takes up memory until it is handled.
  while (!stop.aborted && pump.freeCapacity().messages === 0) await pause(RETRY_MS, stop)
  const { connection } = link
  if (stop.aborted) return undefined
  if (connection !== undefined) {
    try {
      return await QueueSubscription.start({
        ...{ connection, queue, spec, pump, log },
        prefetch: options.newPrefetch(),
      })
    } catch (error) {
      onFailure(error)
    }
  }
  await pause(RETRY_MS, stop)
  return undefined
}
