import { HEADERS } from '@runnel/contracts'
import type { ConsumeMessage } from 'amqplib'
import type { Message, StreamSpec } from '../ports.ts'

/** How a delivery is settled at the server. */
export interface Settlement {
  remove(message: HeldMessage): void
  giveBack(message: HeldMessage): void
}

/**
 * One delivery, which this process holds until it is settled. AMQP knows neither an ack wait nor a delay: both are timers here,
 * within the prefetch, and a process that dies gives back all that it holds.
 */
export class HeldMessage implements Message {
  readonly amqp: ConsumeMessage
  readonly deliveries: number
  readonly heldSince = performance.now()
  readonly #spec: StreamSpec
  readonly #settlement: Settlement
  #dueAt: number
  #isSettled = false
  #delay: NodeJS.Timeout | undefined

  constructor(amqp: ConsumeMessage, spec: StreamSpec, settlement: Settlement) {
    this.amqp = amqp
    this.deliveries = deliveriesOf(amqp)
    this.#spec = spec
    this.#settlement = settlement
    this.#dueAt = this.heldSince + spec.ackWaitMs
  }

  get subject(): string {
    return this.#spec.subject
  }

  get stream(): string {
    return this.#spec.stream
  }

  get payload(): Uint8Array {
    return this.amqp.content
  }

  /** AMQP numbers no messages. */
  get identity(): undefined {
    return undefined
  }

  /** Nor does it keep the time of their arrival. */
  get position(): undefined {
    return undefined
  }

  get sentAtMs(): number | undefined {
    const sentAt = Number(this.header(HEADERS.sentAt))
    return Number.isSafeInteger(sentAt) && sentAt > 0 ? sentAt : undefined
  }

  header(name: string): string | undefined {
    const { messageId, headers } = this.amqp.properties
    if (name === HEADERS.messageId && typeof messageId === 'string') return messageId
    if (headers === undefined || !Object.hasOwn(headers, name)) return undefined
    const value: unknown = headers[name]
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
  }

  ack(): void {
    this.#settle(() => this.#settlement.remove(this))
  }

  nak(delayMs: number): void {
    this.#settle(() => {
      if (delayMs <= 0) this.#settlement.giveBack(this)
      else this.#delay = setTimeout(() => this.#settlement.giveBack(this), delayMs)
    })
  }

  /** Not rejected: that would hand it to the dead-letter exchange that a queue of other publishers may have. */
  term(_reason: string): void {
    this.ack()
  }

  inProgress(): void {
    if (!this.#isSettled) this.#dueAt = performance.now() + this.#spec.ackWaitMs
  }

  /** Whether it is neither settled nor reported as being handled for as long as the ack wait. */
  isOverdue(now: number): boolean {
    return !this.#isSettled && now > this.#dueAt
  }

  /** The server has it back: whatever the handler says from now on counts no more. */
  forget(): void {
    this.#isSettled = true
    clearTimeout(this.#delay)
  }

  #settle(how: () => void): void {
    if (this.#isSettled) return
    this.#isSettled = true
    how()
  }
}

/** Quorum queues count; other queues only say that a message was delivered before. */
function deliveriesOf({ fields, properties }: ConsumeMessage): number {
  const headers = properties.headers ?? {}
  const before = [headers['x-delivery-count'], headers['x-acquired-count']].filter(
    (count): count is number => typeof count === 'number' && count >= 0,
  )
  return 1 + Math.max(fields.redelivered ? 1 : 0, ...before)
}
