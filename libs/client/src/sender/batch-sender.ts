import { deliverBatch, type DeliverOptions } from './deliver-batch.ts'
import { EventQueue, type QueuedEvent } from './event-queue.ts'
import type { PreparedEvent } from './prepare-event.ts'
import { SenderFullError } from './sender-errors.ts'
import type { Refusal } from './undelivered.ts'

/** What becomes of an event for which there is no room: its call waits, its call is rejected, or it is reported and dropped. */
export type WhenFull = 'wait' | 'reject' | 'drop'

export interface BatchSenderOptions extends DeliverOptions {
  readonly onDelivered: (events: number) => void
  /** Must not throw. */
  readonly onUndelivered: (event: PreparedEvent, why: Refusal) => void
}

const FULL: Refusal = { code: 'queue_full', message: 'The queue is full' }
const ABORTED: Refusal = {
  code: 'aborted',
  message: 'The sender was aborted; if the event was being sent, it may have been stored',
}

/**
 * The events of one kind on their way. One request at a time, and the next one only when all events of it are settled: the
 * order in which events came is that in which the server gets them.
 */
export class BatchSender {
  readonly queue: EventQueue
  readonly #options: BatchSenderOptions
  #flushes = 0
  #isWorking = false
  #wake: (() => void) | undefined

  constructor(options: BatchSenderOptions) {
    this.#options = options
    this.queue = new EventQueue(options.limits)
  }

  /**
   * @returns once the event is in the queue, or dropped
   * @throws SenderFullError where there is no room and none is waited for
   * @throws the reason of `signal`, once it is aborted while the call waits
   */
  async take(prepared: PreparedEvent, whenFull: WhenFull, signal?: AbortSignal): Promise<void> {
    const { clock, onUndelivered } = this.#options
    const event: QueuedEvent = { ...prepared, arrivedMs: clock.elapsedMs(), flushes: new Set() }
    if (whenFull === 'wait') {
      const taken = this.queue.add(event, signal)
      this.#proceed()
      return taken === true ? undefined : taken
    }
    if (this.queue.tryAdd(event)) this.#proceed()
    else if (whenFull === 'drop') onUndelivered(event, FULL)
    else throw new SenderFullError(`The queue of ${this.#options.kind} is full`)
  }

  /** Sends what there is without waiting for more. Resolves once all that came before is settled. */
  flush(): Promise<void> {
    return new Promise((resolve) => {
      const flush = { left: 0, done: () => this.#endFlush(resolve) }
      for (const event of this.queue.pending()) {
        flush.left++
        event.flushes.add(flush)
      }
      this.#flushes++
      if (flush.left === 0) flush.done()
      else this.#proceed()
    })
  }

  /** Reports everything that is left. The signal has to be aborted before. */
  abort(reason: unknown): void {
    this.queue.turnAway(reason)
    const left = [...this.queue.events]
    this.queue.remove(new Set(left))
    this.#wake?.()
    for (const event of left) this.#options.onUndelivered(event, ABORTED)
  }

  #endFlush(resolve: () => void): void {
    this.#flushes--
    resolve()
  }

  #proceed(): void {
    if (!this.#isWorking) void this.#work()
    else if (this.#dueInMs() <= 0) this.#wake?.()
  }

  /** Runs while there are events. */
  async #work(): Promise<void> {
    const { limits, signal } = this.#options
    this.#isWorking = true
    while (this.queue.length > 0 && !signal.aborted) {
      await this.#untilDue()
      if (!signal.aborted) {
        const batch = this.queue.next(limits.batchEvents, limits.batchBytes)
        await deliverBatch(batch, this.#options, (events, refusalOf) => this.#finish(events, refusalOf))
      }
    }
    this.#isWorking = false
  }

  #dueInMs(): number {
    const { clock, limits } = this.#options
    const { length, bytes, waiting, oldest } = this.queue
    const isFull = length >= limits.batchEvents || bytes >= limits.batchBytes || waiting > 0
    if (oldest === undefined || isFull || this.#flushes > 0) return 0
    return oldest.arrivedMs + limits.batchAgeMs - clock.elapsedMs()
  }

  async #untilDue(): Promise<void> {
    const dueInMs = this.#dueInMs()
    if (dueInMs <= 0) return
    await new Promise<void>((resolve) => {
      const stopTimer = this.#options.clock.setTimer(() => this.#wake?.(), dueInMs)
      this.#wake = () => {
        stopTimer()
        this.#wake = undefined
        resolve()
      }
    })
  }

  #finish(events: readonly QueuedEvent[], refusalOf: (place: number) => Refusal | undefined): void {
    const { onDelivered, onUndelivered } = this.#options
    const refused = events.flatMap((event, place) => {
      const why = refusalOf(place)
      return why === undefined ? [] : [{ event, why }]
    })
    onDelivered(events.length - refused.length)
    for (const { event, why } of refused) onUndelivered(event, why)
    this.queue.remove(new Set(events))
  }
}
