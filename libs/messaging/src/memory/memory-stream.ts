import { randomUUID } from 'node:crypto'
import { PublishRefusedError } from '../publish-errors.ts'
import type { Backlog, Message, OutgoingMessage, StreamSpec } from '../ports.ts'
import { MemoryMessage, type StoredMessage } from './memory-message.ts'
import { RecentIds } from './recent-ids.ts'

/** Takes messages, as many as it has capacity for. */
interface Taker {
  freeCapacity(): { messages: number; bytes: number }
  push(message: Message): void
}

/** A work queue in memory: keeps messages until they are acked, gives each to one taker at a time. */
export class MemoryStream {
  readonly #stored = new Map<number, StoredMessage>()
  readonly #takers: Taker[] = []
  readonly #recent = new RecentIds()
  readonly #life = randomUUID()
  #spec: StreamSpec
  /** Sequences to deliver, lowest first: those given back, and from `#nextFresh` on those never delivered. */
  #returned: number[] = []
  #nextFresh = 1
  #lastSequence = 0
  #bytes = 0
  #unsettled = 0
  #turn = 0
  #wake: NodeJS.Timeout | undefined
  #wakeAt = Infinity
  #dispatching = false

  constructor(spec: StreamSpec) {
    this.#spec = spec
  }

  /** Applies changed limits to what is there. */
  update(spec: StreamSpec): void {
    this.#spec = spec
    this.dispatchSoon()
  }

  /** @throws PublishRefusedError when it would exceed the byte limit */
  add(message: OutgoingMessage): void {
    if (this.#recent.has(message.messageId)) return
    const bytes = sizeOf(message)
    if (this.#bytes + bytes > this.#spec.maxBytes) throw new PublishRefusedError('full')
    this.#recent.add(message.messageId)
    this.#bytes += bytes
    const sequence = ++this.#lastSequence
    this.#stored.set(sequence, {
      message,
      stream: this.#spec.stream,
      sequence,
      life: this.#life,
      timeMs: Date.now(),
      bytes,
      deliveries: 0,
      dueAt: undefined,
    })
    this.dispatchSoon()
  }

  backlog(): Backlog {
    const messages = this.#stored.size
    return {
      pending: this.#lastSequence - this.#nextFresh + 1,
      ackPending: this.#unsettled,
      messages,
      bytes: this.#bytes,
    }
  }

  /** @returns a function that ends the taking */
  attach(taker: Taker): () => void {
    this.#takers.push(taker)
    this.dispatchSoon()
    return () => void this.#takers.splice(this.#takers.indexOf(taker), 1)
  }

  close(): void {
    clearTimeout(this.#wake)
    this.#takers.length = 0
  }

  /** Delivers what can be delivered, after the current step: a publisher never runs a handler. */
  dispatchSoon(): void {
    if (this.#dispatching) return
    this.#dispatching = true
    queueMicrotask(() => {
      this.#dispatching = false
      this.#dispatch()
    })
  }

  #dispatch(): void {
    const capacities = this.#takers.map((taker) => ({ taker, ...taker.freeCapacity() }))
    let idle = 0
    while (idle < capacities.length && this.#unsettled < this.#spec.maxInFlight) {
      const free = capacities[this.#turn++ % capacities.length]!
      if (free.messages <= 0 || free.bytes <= 0) {
        idle++
        continue
      }
      const stored = this.#nextReady()
      if (stored === undefined) break
      idle = 0
      free.messages--
      free.bytes -= stored.message.payload.length
      this.#deliver(stored, free.taker)
    }
  }

  #nextReady(): StoredMessage | undefined {
    const sequence = this.#returned.shift()
    if (sequence !== undefined) return this.#stored.get(sequence)
    return this.#nextFresh <= this.#lastSequence ? this.#stored.get(this.#nextFresh++) : undefined
  }

  #deliver(stored: StoredMessage, taker: Taker): void {
    stored.deliveries++
    stored.dueAt = performance.now() + this.#spec.ackWaitMs
    this.#unsettled++
    this.#wakeIn(this.#spec.ackWaitMs)
    taker.push(
      new MemoryMessage(stored, {
        remove: () => this.#remove(stored),
        delay: (ms) => {
          stored.dueAt = performance.now() + ms
          this.#wakeIn(ms)
        },
        extend: () => (stored.dueAt = performance.now() + this.#spec.ackWaitMs),
      }),
    )
  }

  #remove(stored: StoredMessage): void {
    if (!this.#stored.delete(stored.sequence)) return
    this.#bytes -= stored.bytes
    if (stored.dueAt === undefined)
      this.#returned = this.#returned.filter((other) => other !== stored.sequence)
    else this.#unsettled--
    this.dispatchSoon()
  }

  /** One timer, for the earliest message that may be due. */
  #wakeIn(ms: number): void {
    const at = performance.now() + ms
    if (at >= this.#wakeAt) return
    this.#wakeAt = at
    clearTimeout(this.#wake)
    this.#wake = setTimeout(() => this.#giveBackDue(), Math.max(1, ms)).unref()
  }

  #giveBackDue(): void {
    this.#wakeAt = Infinity
    const now = performance.now()
    let next = Infinity
    for (const stored of this.#stored.values()) {
      if (stored.sequence >= this.#nextFresh) break
      if (stored.dueAt === undefined) continue
      if (stored.dueAt > now) {
        next = Math.min(next, stored.dueAt)
        continue
      }
      stored.dueAt = undefined
      this.#unsettled--
      this.#returned.push(stored.sequence)
    }
    this.#returned.sort((a, b) => a - b)
    if (next !== Infinity) this.#wakeIn(next - now)
    this.dispatchSoon()
  }
}

function sizeOf(message: OutgoingMessage): number {
  let bytes = message.payload.length + message.subject.length + message.messageId.length
  for (const name in message.headers) bytes += name.length + message.headers[name]!.length
  return bytes
}
