import { AppError } from '@runnel/contracts'
import { ChangeStream, mergeChanged, type Changed } from './change-stream.ts'

export interface ProductChangesOptions {
  readonly maxClients: number
  /** Aborted when the process drains. */
  readonly signal: AbortSignal
}

/**
 * Changes of this time are told together. Longer than it takes until cached lists know of the change: who looks then
 * sees it.
 */
const TOGETHER_MS = 400
const HEARTBEAT_EVERY_MS = 15_000
/** A client that takes nothing for so many heartbeats is gone. */
const MAX_STALLED_BEATS = 2

/** Tells any number of open pages, up to a limit, which products have changed. */
export class ProductChanges {
  readonly #options: ProductChangesOptions
  /** Heartbeats that each client has missed. */
  readonly #clients = new Map<ChangeStream, number>()
  #waiting: Changed | undefined
  #flushing: NodeJS.Timeout | undefined
  #beating: NodeJS.Timeout | undefined

  constructor(options: ProductChangesOptions) {
    this.#options = options
    options.signal.addEventListener('abort', () => this.#close(), { once: true })
  }

  /** Clients at this moment. */
  get clients(): number {
    return this.#clients.size
  }

  /** @throws AppError too_busy | shutting_down */
  open(): ChangeStream {
    const { maxClients, signal } = this.#options
    if (signal.aborted)
      throw new AppError('shutting_down', 'The server is shutting down', { retryAfterMs: 1000 })
    if (this.#clients.size >= maxClients)
      throw new AppError('too_busy', `${maxClients} pages follow the products already`, {
        retryAfterMs: 5000,
      })
    const stream = new ChangeStream()
    this.#clients.set(stream, 0)
    this.#beating ??= setInterval(() => this.#beat(), HEARTBEAT_EVERY_MS)
    stream.once('close', () => this.#leave(stream))
    return stream
  }

  add(changed: Changed): void {
    if (this.#clients.size === 0) return
    this.#waiting = mergeChanged(this.#waiting, changed)
    this.#flushing ??= setTimeout(() => this.#flush(), TOGETHER_MS)
  }

  #flush(): void {
    const changed = this.#waiting
    this.#waiting = this.#flushing = undefined
    if (changed) for (const stream of this.#clients.keys()) stream.offer(changed)
  }

  #beat(): void {
    for (const [stream, missed] of this.#clients) {
      if (stream.idle) {
        this.#clients.set(stream, 0)
        stream.heartbeat()
      } else if (missed < MAX_STALLED_BEATS) this.#clients.set(stream, missed + 1)
      else stream.destroy()
    }
  }

  #leave(stream: ChangeStream): void {
    this.#clients.delete(stream)
    if (this.#clients.size === 0) this.#stop()
  }

  #stop(): void {
    clearTimeout(this.#flushing)
    clearInterval(this.#beating)
    this.#flushing = this.#beating = this.#waiting = undefined
  }

  #close(): void {
    for (const stream of this.#clients.keys()) stream.finish()
    this.#stop()
  }
}
