import { PublishRefusedError, PublishUnknownError } from '../../publish-errors.ts'

/** How old may be, in milliseconds, what is known of the stream by whoever finds room. */
const LOOK_MS = 500

/** What a message takes beside its payload, about: subject, headers of an envelope, frame. */
const FRAME_BYTES = 250

/**
 * The byte limit of a stream while its server does not keep it; see byte-limit.ts. What other processes publish is seen at
 * the next look, which a publish asks for when the last one is old: the limit may be exceeded by what they do until the
 * answer is there, and by what is on its way.
 */
export class StreamRoom {
  readonly #look: () => Promise<number>
  readonly #now: () => number
  /** In the stream at the last look, and what was taken since. */
  #bytes = 0
  #taken = 0
  #lookedAt = -Infinity
  #looking: Promise<void> | undefined

  /**
   * @param look bytes that the stream holds
   * @param now milliseconds, monotonic
   */
  constructor(look: () => Promise<number>, now: () => number = () => performance.now()) {
    this.#look = look
    this.#now = now
  }

  /** What was known no longer counts: the stream may be another one. */
  forget(): void {
    this.#lookedAt = -Infinity
  }

  /**
   * Takes room for a message. It is refused only after another look.
   *
   * @param payloadBytes of the message
   * @param maxBytes of the stream
   * @throws PublishRefusedError full
   * @throws PublishUnknownError where that cannot be told
   */
  async take(payloadBytes: number, maxBytes: number): Promise<void> {
    const size = payloadBytes + FRAME_BYTES
    const fits = () => this.#bytes + size <= maxBytes
    const isKnown = this.#lookedAt > -Infinity
    if (!isKnown || !fits()) {
      await this.#lookAgain()
      if (!fits()) throw new PublishRefusedError('full')
    } else if (this.#now() - this.#lookedAt > LOOK_MS) {
      // There seems to be room: nobody waits.
      this.#lookAgain().catch(() => undefined)
    }
    this.#bytes += size
    this.#taken += size
  }

  #lookAgain(): Promise<void> {
    return (this.#looking ??= this.#lookOnce())
  }

  async #lookOnce(): Promise<void> {
    const takenBefore = this.#taken
    try {
      const bytes = await this.#look()
      this.#bytes = bytes + this.#taken - takenBefore
      this.#lookedAt = this.#now()
    } catch (error) {
      throw new PublishUnknownError('The stream does not tell its size', error)
    } finally {
      this.#looking = undefined
    }
  }
}
