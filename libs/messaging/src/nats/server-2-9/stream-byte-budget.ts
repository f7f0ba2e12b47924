import { PublishRefusedError, PublishUnknownError } from '../../publish-errors.ts'

/** How old the known size of the stream may be, in milliseconds, before a publish has it read again. */
const MAX_AGE_MS = 500

/** What a message takes beside its payload, about: subject, headers of an envelope, frame. */
const FRAME_BYTES = 250

/**
 * The byte limit of a stream while its server does not keep it; see byte-limit.ts. What other processes publish is counted
 * from the next reading on, which a publish starts when the last one is old: the limit may be exceeded by what they publish
 * until then, and by what is under way.
 */
export class StreamByteBudget {
  readonly #readBytes: () => Promise<number>
  readonly #now: () => number
  /** In the stream at the last reading, and what was reserved since. */
  #bytes = 0
  /** Since the start. */
  #reserved = 0
  #readAt = -Infinity
  #reading: Promise<void> | undefined

  /**
   * @param readBytes how many bytes the stream holds
   * @param now milliseconds, monotonic
   */
  constructor(readBytes: () => Promise<number>, now: () => number = () => performance.now()) {
    this.#readBytes = readBytes
    this.#now = now
  }

  /** Discards what is known: the stream may be another one. */
  forget(): void {
    this.#readAt = -Infinity
  }

  /**
   * Counts a message. It is refused only after another reading.
   *
   * @param payloadBytes of the message
   * @param maxBytes of the stream
   * @throws PublishRefusedError full
   * @throws PublishUnknownError where the broker does not report the size
   */
  async reserve(payloadBytes: number, maxBytes: number): Promise<void> {
    const size = payloadBytes + FRAME_BYTES
    const fits = () => this.#bytes + size <= maxBytes
    const isKnown = this.#readAt > -Infinity
    if (!isKnown || !fits()) {
      await this.#refresh()
      if (!fits()) throw new PublishRefusedError('full')
    } else if (this.#now() - this.#readAt > MAX_AGE_MS) {
      // It seems to fit: the publish does not wait.
      this.#refresh().catch(() => undefined)
    }
    this.#bytes += size
    this.#reserved += size
  }

  #refresh(): Promise<void> {
    return (this.#reading ??= this.#readOnce())
  }

  async #readOnce(): Promise<void> {
    const reservedBefore = this.#reserved
    try {
      const bytes = await this.#readBytes()
      this.#bytes = bytes + this.#reserved - reservedBefore
      this.#readAt = this.#now()
    } catch (error) {
      throw new PublishUnknownError('The broker did not report the size of the stream', error)
    } finally {
      this.#reading = undefined
    }
  }
}
