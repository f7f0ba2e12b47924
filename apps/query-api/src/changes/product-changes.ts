import { EventStreams, type FairShare } from '@runnel/http'
import { ChangeStream, mergeChanged, type Changed } from './change-stream.ts'

export interface ProductChangesOptions {
  /** Of as many permits as clients may follow. */
  readonly share: FairShare
  /** Aborted when the process drains. */
  readonly signal: AbortSignal
}

/**
 * Changes of this time are sent together. Longer than it takes until cached lists have the change: a client that reads
 * them then sees it.
 */
const TOGETHER_MS = 400

/** Sends to any number of open pages, up to a limit, which products have changed. */
export class ProductChanges {
  readonly #streams: EventStreams<ChangeStream>
  #waiting: Changed | undefined
  #flushing: NodeJS.Timeout | undefined

  constructor(options: ProductChangesOptions) {
    const stop = () => this.#stop()
    this.#streams = new EventStreams({ ...options, onEmpty: stop, onDrain: stop })
  }

  /** @throws AppError too_busy | too_many_requests_of_peer | shutting_down */
  open(peer: string): ChangeStream {
    return this.#streams.open(peer, () => new ChangeStream())
  }

  add(changed: Changed): void {
    if (this.#streams.size === 0) return
    this.#waiting = mergeChanged(this.#waiting, changed)
    this.#flushing ??= setTimeout(() => this.#flush(), TOGETHER_MS)
  }

  #flush(): void {
    const changed = this.#waiting
    this.#waiting = this.#flushing = undefined
    if (changed) for (const stream of this.#streams) stream.offer(changed)
  }

  #stop(): void {
    clearTimeout(this.#flushing)
    this.#flushing = this.#waiting = undefined
  }
}
