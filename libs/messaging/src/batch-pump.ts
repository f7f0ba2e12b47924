import type { ConsumeOptions, Message } from './ports.ts'

interface PumpOptions extends Omit<ConsumeOptions, 'signal'> {
  /** How often buffered messages are kept from being delivered again. */
  readonly keepAliveMs: number
  /** Called when more messages may be pushed than before. */
  readonly onFreeCapacity: () => void
  readonly onHandlerError: (error: unknown) => void
}

/** How much may be buffered, in batches, while every handler is busy. */
export const BUFFERED_BATCHES = 2

/** Turns delivered messages into batches and hands them to a bounded number of handlers. Every driver uses it. */
export class BatchPump {
  readonly #options: PumpOptions
  readonly #keepAlive: NodeJS.Timeout
  #buffer: Message[] = []
  #bytes = 0
  /** When each batch was handed over that is being handled. */
  readonly #active = new Map<readonly Message[], number>()
  #oldestAt = 0
  #linger: NodeJS.Timeout | undefined
  #stopping = false
  #onIdle: (() => void) | undefined

  constructor(options: PumpOptions) {
    this.#options = options
    this.#keepAlive = setInterval(() => {
      for (const message of this.#buffer) message.inProgress()
    }, options.keepAliveMs)
  }

  /** Messages and bytes that may be pushed; both 0 until half of the buffer is free, so that requests are few. */
  freeCapacity(): { messages: number; bytes: number } {
    const { maxMessages, maxBytes } = this.#options.limits
    const messages = BUFFERED_BATCHES * maxMessages - this.#buffer.length
    const bytes = BUFFERED_BATCHES * maxBytes - this.#bytes
    return messages < maxMessages || bytes < maxBytes || this.#stopping
      ? { messages: 0, bytes: 0 }
      : { messages, bytes }
  }

  /** Whether nothing is buffered: then even a message beyond all limits can be taken, alone. */
  get isEmpty(): boolean {
    return this.#buffer.length === 0
  }

  /** For how long the oldest batch is being handled. */
  longestMs(): number {
    const [startedAt] = this.#active.values()
    return startedAt === undefined ? 0 : performance.now() - startedAt
  }

  /** Takes a message that was delivered; after stop() it goes back at once. */
  push(message: Message): void {
    if (this.#stopping) {
      message.nak(0)
      return
    }
    if (this.#buffer.length === 0) this.#oldestAt = performance.now()
    this.#buffer.push(message)
    this.#bytes += message.payload.length
    this.#dispatch()
  }

  /** Gives back what is buffered; resolves when the handlers are done. */
  async stop(): Promise<void> {
    this.#stopping = true
    clearInterval(this.#keepAlive)
    clearTimeout(this.#linger)
    for (const message of this.#buffer) message.nak(0)
    this.#buffer = []
    this.#bytes = 0
    if (this.#active.size > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve))
  }

  #dispatch(): void {
    while (this.#active.size < this.#options.concurrency && this.#isRipe()) {
      const batch = this.#take()
      this.#active.set(batch, performance.now())
      void this.#handle(batch)
    }
  }

  #isRipe(): boolean {
    const { maxMessages, maxBytes, lingerMs } = this.#options.limits
    if (this.#buffer.length === 0) return false
    if (this.#buffer.length >= maxMessages || this.#bytes >= maxBytes) return true
    const leftMs = this.#oldestAt + lingerMs - performance.now()
    if (leftMs <= 0) return true
    this.#linger ??= setTimeout(() => {
      this.#linger = undefined
      this.#dispatch()
    }, leftMs)
    return false
  }

  #take(): Message[] {
    const { maxMessages, maxBytes } = this.#options.limits
    let count = 0
    let bytes = 0
    while (count < this.#buffer.length && count < maxMessages) {
      const size = this.#buffer[count]!.payload.length
      if (count > 0 && bytes + size > maxBytes) break
      bytes += size
      count++
    }
    this.#bytes -= bytes
    this.#oldestAt = performance.now()
    return this.#buffer.splice(0, count)
  }

  async #handle(batch: readonly Message[]): Promise<void> {
    // After push(), whose caller is still counting.
    queueMicrotask(this.#options.onFreeCapacity)
    try {
      await this.#options.handle(batch)
    } catch (error) {
      this.#options.onHandlerError(error)
      for (const message of batch) message.nak(this.#options.retryDelayMs)
    }
    this.#active.delete(batch)
    if (this.#stopping) {
      if (this.#active.size === 0) this.#onIdle?.()
      return
    }
    this.#dispatch()
    this.#options.onFreeCapacity()
  }
}
