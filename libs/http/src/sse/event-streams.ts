import { AppError } from '@runnel/contracts'
import type { FairShare } from '../sharing/fair-share.ts'
import type { EventStream } from './event-stream.ts'

export interface EventStreamsOptions {
  /** Of as many permits as clients may follow. */
  readonly share: FairShare
  /** Called when the last client has gone. */
  readonly onEmpty?: () => void
  /** Called when the process drains, before the streams end. */
  readonly onDrain?: () => void
  /** Aborted when the process drains: ends every stream. */
  readonly signal: AbortSignal
}

const HEARTBEAT_EVERY_MS = 15_000
/** A client that takes nothing for two to three heartbeats is gone. */
const MAX_STALLED_BEATS = 2
const RETRY_DRAIN_MS = 1000

/** The streams that are open, up to a limit: keeps them alive, and closes those whose clients take nothing any more. */
export class EventStreams<S extends EventStream> {
  readonly #options: EventStreamsOptions
  /** With the heartbeats that each client has missed. */
  readonly #stalledBeats = new Map<S, number>()
  #beating: NodeJS.Timeout | undefined

  constructor(options: EventStreamsOptions) {
    this.#options = options
    options.signal.addEventListener('abort', () => this.#drain(), { once: true })
  }

  get size(): number {
    return this.#stalledBeats.size
  }

  [Symbol.iterator](): Iterator<S> {
    return this.#stalledBeats.keys()
  }

  /**
   * @param peer of the client
   * @param create called where there is room for one more
   * @throws AppError too_busy | too_many_requests_of_peer | shutting_down
   */
  open(peer: string, create: () => S): S {
    const { share, signal } = this.#options
    if (signal.aborted)
      throw new AppError('shutting_down', 'The server is shutting down', { retryAfterMs: RETRY_DRAIN_MS })
    const release = share.take(peer)
    const stream = create()
    this.#stalledBeats.set(stream, 0)
    this.#beating ??= setInterval(() => this.#beat(), HEARTBEAT_EVERY_MS)
    stream.once('close', () => {
      release()
      this.#leave(stream)
    })
    return stream
  }

  #leave(stream: S): void {
    this.#stalledBeats.delete(stream)
    if (this.size > 0) return
    this.#stopBeating()
    this.#options.onEmpty?.()
  }

  #beat(): void {
    for (const [stream, stalled] of this.#stalledBeats) {
      if (!stream.idle && stalled >= MAX_STALLED_BEATS) {
        stream.destroy()
        continue
      }
      this.#stalledBeats.set(stream, stream.idle ? 0 : stalled + 1)
      stream.heartbeat()
    }
  }

  #drain(): void {
    this.#options.onDrain?.()
    for (const stream of this) stream.finish()
    this.#stopBeating()
  }

  #stopBeating(): void {
    clearInterval(this.#beating)
    this.#beating = undefined
  }
}
