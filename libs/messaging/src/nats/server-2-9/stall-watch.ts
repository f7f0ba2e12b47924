import type { ConsumerInfo, StreamInfo } from 'nats'

/** In ack waits: a message that no consumer works on has come again long before. */
const STALL_ACK_WAITS = 3
const MIN_STALL_MS = 5_000
/** Where a remade durable did not help, the next one waits twice as long, up to this. */
const MAX_STALL_MS = 3_600_000

type Stream = {
  readonly created: StreamInfo['created']
  readonly state: Pick<StreamInfo['state'], 'messages' | 'first_seq'>
}
type Durable = Pick<ConsumerInfo, 'created' | 'num_pending'>

/**
 * Finds out whether a work queue has stopped settling: its oldest message stays the oldest one although consumers are free.
 *
 * Only the oldest one counts, because all others may go on: a busy queue hides messages that the server has given up.
 */
export class StallWatch {
  readonly #stallMs: number
  #patienceMs: number
  #head: string | undefined
  #sinceMs = 0
  #stuckAt: number | undefined

  constructor(ackWaitMs: number) {
    this.#stallMs = Math.max(MIN_STALL_MS, STALL_ACK_WAITS * ackWaitMs)
    this.#patienceMs = this.#stallMs
  }

  /** @returns how many messages are stuck at least; 0 while all is well, or too early to say */
  check({ created, state }: Stream, durable: Durable, nowMs: number): number {
    if (state.first_seq !== this.#stuckAt) this.#patienceMs = this.#stallMs
    // For a stream or durable that was created again, the time starts again.
    const head = state.messages === 0 ? undefined : `${created} ${durable.created} ${state.first_seq}`
    if (head !== this.#head) {
      this.#head = head
      this.#sinceMs = nowMs
    }
    if (head === undefined || nowMs - this.#sinceMs < this.#patienceMs) return 0
    this.forget()
    this.#stuckAt = state.first_seq
    this.#patienceMs = Math.min(MAX_STALL_MS, 2 * this.#patienceMs)
    return Math.max(1, state.messages - durable.num_pending)
  }

  /** Starts the time again. */
  forget(): void {
    this.#head = undefined
  }
}
