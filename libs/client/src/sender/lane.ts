import { sleep, type Clock } from './clock.ts'
import type { EventKind } from './event-kinds.ts'
import { EventQueue, type QueuedEvent } from './event-queue.ts'
import type { PreparedEvent } from './prepare-event.ts'
import type { Outcome } from './read-answer.ts'
import { retryDelayMs } from './retry-delay.ts'
import { SenderFullError } from './sender-errors.ts'
import type { SenderLimits } from './sender-limits.ts'
import type { Refusal } from './undelivered.ts'

/** What becomes of an event for which there is no room: its call waits, its call is rejected, or it is reported and dropped. */
export type WhenFull = 'wait' | 'reject' | 'drop'

/** A request that will be repeated. */
export interface Retry extends Refusal {
  readonly kind: EventKind
  readonly events: number
  /** In a row. */
  readonly failures: number
  readonly waitMs: number
}

export interface LaneOptions {
  readonly kind: EventKind
  readonly whenFull: WhenFull
  readonly limits: SenderLimits
  readonly clock: Clock
  /** From 0 to 1. */
  readonly random: () => number
  readonly post: (texts: readonly string[], signal: AbortSignal) => Promise<Outcome>
  readonly onDelivered: (events: number) => void
  /** Must not throw. */
  readonly onUndelivered: (event: PreparedEvent, why: Refusal) => void
  /** Must not throw. */
  readonly onRetry: (retry: Retry) => void
  /** Aborted when the sender gives everything up. */
  readonly signal: AbortSignal
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
export class Lane {
  readonly queue: EventQueue
  readonly #options: LaneOptions
  #flushes = 0
  #isWorking = false
  #wake: (() => void) | undefined

  constructor(options: LaneOptions) {
    this.#options = options
    this.queue = new EventQueue(options.limits)
  }

  /**
   * @returns once the event is in the queue, or dropped
   * @throws SenderFullError where there is no room and none is waited for
   * @throws the reason of `signal`, once it is aborted while the call waits
   */
  async take(prepared: PreparedEvent, signal: AbortSignal | undefined): Promise<void> {
    const { clock, whenFull, onUndelivered } = this.#options
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
      if (!signal.aborted) await this.#deliver(this.queue.next(limits.batchEvents, limits.batchBytes))
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

  /** Resolves once every event of the batch is settled. */
  async #deliver(batch: readonly QueuedEvent[]): Promise<void> {
    const { post, clock, signal, limits } = this.#options
    const startedMs = clock.elapsedMs()
    const parts = [batch]
    for (let failures = 0; parts.length > 0;) {
      const part = parts.shift()!
      const outcome = await post(
        part.map(({ text }) => text),
        signal,
      )
      if (signal.aborted) return
      if (outcome.verdict !== 'retry') {
        failures = 0
        parts.unshift(...this.#settle(part, outcome))
        continue
      }
      const left = this.#settleAccepted(part, outcome.accepted)
      if (left.length > 0) parts.unshift(left)
      failures = left.length < part.length ? 1 : failures + 1
      if (clock.elapsedMs() - startedMs >= limits.giveUpMs) this.#giveUp(parts.splice(0), outcome.problem)
      else if (left.length > 0) await this.#pause(left.length, failures, outcome)
    }
  }

  /** @returns the parts to send instead, where one of them may be accepted */
  #settle(
    part: readonly QueuedEvent[],
    outcome: Exclude<Outcome, { readonly verdict: 'retry' }>,
  ): readonly (readonly QueuedEvent[])[] {
    if (outcome.verdict === 'settled') {
      this.#finish(part, (place) => outcome.refused.get(place))
      return []
    }
    if (outcome.byContent && part.length > 1) {
      const half = Math.ceil(part.length / 2)
      return [part.slice(0, half), part.slice(half)]
    }
    this.#finish(part, () => outcome.problem)
    return []
  }

  /** @returns the events that are not safe yet */
  #settleAccepted(part: readonly QueuedEvent[], accepted: readonly number[]): readonly QueuedEvent[] {
    const places = new Set(accepted)
    this.#finish(
      part.filter((_, place) => places.has(place)),
      () => undefined,
    )
    return part.filter((_, place) => !places.has(place))
  }

  #giveUp(parts: readonly (readonly QueuedEvent[])[], { code, message }: Refusal): void {
    const problem = { code: 'gave_up', message: `It was tried for too long; at last: ${code}: ${message}` }
    this.#finish(parts.flat(), () => problem)
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

  async #pause(
    events: number,
    failures: number,
    { retryAfterMs, problem }: Outcome & { readonly verdict: 'retry' },
  ): Promise<void> {
    const { kind, limits, random, clock, signal, onRetry } = this.#options
    const waitMs = retryDelayMs(failures, retryAfterMs, random(), limits)
    onRetry({ kind, events, failures, waitMs, ...problem })
    await sleep(clock, waitMs, signal)
  }
}
