import type { PreparedEvent } from './prepare-event.ts'
import { SenderFullError } from './sender-errors.ts'
import type { SenderLimits } from './sender-limits.ts'

type QueueLimits = Pick<SenderLimits, 'queueEvents' | 'queueBytes' | 'waitingCalls' | 'waitingBytes'>

/** An event from its arrival until it is settled. */
export interface QueuedEvent extends PreparedEvent {
  readonly arrivedMs: number
  /** Flushes that wait for it. */
  readonly flushes: Set<{ left: number; done: () => void }>
}

interface Waiter {
  readonly event: QueuedEvent
  readonly enter: () => void
  readonly leave: (reason: unknown) => void
}

/**
 * Events in the order of their arrival, bounded in number and bytes, and the calls that wait for room in it. What is being sent is
 * in the queue until it is settled.
 */
export class EventQueue {
  readonly #limits: QueueLimits
  readonly #events: QueuedEvent[] = []
  readonly #waiting = new Set<Waiter>()
  #bytes = 0
  #waitingBytes = 0

  constructor(limits: QueueLimits) {
    this.#limits = limits
  }

  get length(): number {
    return this.#events.length
  }

  get bytes(): number {
    return this.#bytes
  }

  get waiting(): number {
    return this.#waiting.size
  }

  get oldest(): QueuedEvent | undefined {
    return this.#events[0]
  }

  get events(): readonly QueuedEvent[] {
    return this.#events
  }

  /** All that is not settled, calls that wait included. */
  *pending(): Generator<QueuedEvent> {
    yield* this.#events
    for (const { event } of this.#waiting) yield event
  }

  /** @returns false where the queue is full */
  tryAdd(event: QueuedEvent): boolean {
    if (this.#waiting.size > 0 || !this.#hasRoomFor(event)) return false
    this.#add(event)
    return true
  }

  /**
   * Adds an event as soon as there is room, after those that came before.
   *
   * @returns true where that was at once
   * @throws SenderFullError where too many wait already
   * @throws the reason of `signal`, once it is aborted
   */
  add(event: QueuedEvent, signal: AbortSignal | undefined): true | Promise<void> {
    if (this.tryAdd(event)) return true
    const { waitingCalls, waitingBytes } = this.#limits
    if (this.#waiting.size >= waitingCalls || this.#waitingBytes + event.bytes > waitingBytes)
      throw new SenderFullError('The queue is full, and so is the number of calls that wait for room in it')
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        this.#leave(waiter, signal!.reason)
        // A smaller event behind it may fit.
        this.#admit()
      }
      const waiter: Waiter = {
        event,
        enter: () => {
          signal?.removeEventListener('abort', onAbort)
          resolve()
        },
        leave: (reason) => {
          signal?.removeEventListener('abort', onAbort)
          reject(reason as Error)
        },
      }
      signal?.addEventListener('abort', onAbort)
      this.#waiting.add(waiter)
      this.#waitingBytes += event.bytes
    })
  }

  /** The events that go together next: at least one, unless there are none. */
  next(maxEvents: number, maxBytes: number): QueuedEvent[] {
    let [count, bytes] = [0, 0]
    for (; count < Math.min(maxEvents, this.#events.length); count++) {
      bytes += this.#events[count]!.bytes + 1
      if (count > 0 && bytes > maxBytes) break
    }
    return this.#events.slice(0, count)
  }

  /** Takes out events that are settled; they need not be the first ones. */
  remove(events: ReadonlySet<QueuedEvent>): void {
    let kept = 0
    for (const event of this.#events) {
      if (events.has(event)) this.#settle(event)
      else this.#events[kept++] = event
    }
    this.#events.length = kept
    this.#admit()
  }

  /** Turns away all calls that wait. */
  turnAway(reason: unknown): void {
    for (const waiter of this.#waiting) this.#leave(waiter, reason)
  }

  /** Lets calls in, in their order, as far as there is room. */
  #admit(): void {
    for (const waiter of this.#waiting) {
      if (!this.#hasRoomFor(waiter.event)) break
      this.#forget(waiter)
      this.#add(waiter.event)
      waiter.enter()
    }
  }

  #add(event: QueuedEvent): void {
    this.#events.push(event)
    this.#bytes += event.bytes
  }

  #hasRoomFor({ bytes }: PreparedEvent): boolean {
    const { queueEvents, queueBytes } = this.#limits
    return this.#events.length < queueEvents && this.#bytes + bytes <= queueBytes
  }

  #settle(event: QueuedEvent): void {
    this.#bytes -= event.bytes
    finishFlushes(event)
  }

  #leave(waiter: Waiter, reason: unknown): void {
    this.#forget(waiter)
    finishFlushes(waiter.event)
    waiter.leave(reason)
  }

  #forget(waiter: Waiter): void {
    this.#waiting.delete(waiter)
    this.#waitingBytes -= waiter.event.bytes
  }
}

function finishFlushes({ flushes }: QueuedEvent): void {
  for (const flush of flushes) if (--flush.left === 0) flush.done()
  flushes.clear()
}
