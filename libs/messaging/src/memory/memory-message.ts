import { HEADERS } from '@runnel/contracts'
import type { Message, OutgoingMessage, Position } from '../ports.ts'

/** A message as the stream keeps it. */
export interface StoredMessage {
  readonly message: OutgoingMessage
  readonly stream: string
  readonly sequence: number
  /** Of the stream: another one in every process. */
  readonly life: string
  readonly timeMs: number
  readonly bytes: number
  deliveries: number
  /** When it will be delivered again unless it is settled; undefined while no consumer holds it. */
  dueAt: number | undefined
}

interface Settlement {
  remove(): void
  delay(ms: number): void
  extend(): void
}

/** One delivery of a stored message. */
export class MemoryMessage implements Message {
  readonly deliveries: number
  readonly #stored: StoredMessage
  readonly #settlement: Settlement
  #settled = false

  constructor(stored: StoredMessage, settlement: Settlement) {
    this.#stored = stored
    this.#settlement = settlement
    this.deliveries = stored.deliveries
  }

  get subject(): string {
    return this.#stored.message.subject
  }

  get payload(): Uint8Array {
    return this.#stored.message.payload
  }

  get stream(): string {
    return this.#stored.stream
  }

  get identity(): string {
    return `${this.#stored.sequence}\n${this.#stored.timeMs}`
  }

  get position(): Position {
    return { timeMs: this.#stored.timeMs, tie: this.#stored.sequence, life: this.#stored.life }
  }

  header(name: string): string | undefined {
    const { headers, messageId } = this.#stored.message
    return name === HEADERS.messageId ? messageId : headers[name]
  }

  /** Counts also after the ack wait: the message was handled. */
  ack(): void {
    this.#settle(() => this.#settlement.remove())
  }

  nak(delayMs: number): void {
    this.#settle(() => this.#isHeld() && this.#settlement.delay(delayMs))
  }

  term(_reason: string): void {
    this.#settle(() => this.#settlement.remove())
  }

  inProgress(): void {
    if (!this.#settled && this.#isHeld()) this.#settlement.extend()
  }

  #settle(how: () => void): void {
    if (this.#settled) return
    this.#settled = true
    how()
  }

  /** Whether this is still the latest delivery, and not overdue. */
  #isHeld(): boolean {
    return this.#stored.deliveries === this.deliveries && this.#stored.dueAt !== undefined
  }
}
