/** About what one envelope of ingest-api holds at most: how much is assumed of a message before any was seen. */
const ASSUMED_MESSAGE_BYTES = 400_000
/** Room for one message of any size. */
const MIN_BUDGET_BYTES = 8 * 1024 ** 2
/** Messages after which the size of messages counts as known. */
const SAMPLE = 50
const OLD_WEIGHT = 0.98

interface PrefetchLimits {
  readonly maxMessages: number
  readonly maxBytes: number
}

/**
 * How many messages the server may send ahead. RabbitMQ counts messages, not bytes, so that the number follows their size: few
 * envelopes of 400 KB, many raw messages of 200 bytes.
 */
export class Prefetch {
  /** Beyond this a message is given back at once, unless it is the only one. */
  readonly maxBytes: number
  readonly #maxMessages: number
  #count: number
  #averageBytes = ASSUMED_MESSAGE_BYTES
  #seen = 0

  constructor({ maxMessages, maxBytes }: PrefetchLimits) {
    this.#maxMessages = maxMessages
    this.maxBytes = Math.max(MIN_BUDGET_BYTES, maxBytes)
    this.#count = this.#fitting(ASSUMED_MESSAGE_BYTES)
  }

  get count(): number {
    return this.#count
  }

  /** Takes the size of a message. @returns whether the number should change by half or more, and has */
  observe(bytes: number): boolean {
    this.#seen++
    const weight = Math.min(OLD_WEIGHT, 1 - 1 / this.#seen)
    this.#averageBytes = this.#averageBytes * weight + bytes * (1 - weight)
    if (this.#seen % SAMPLE !== 0) return false
    const wanted = this.#fitting(this.#averageBytes)
    if (wanted < 2 * this.#count && wanted > this.#count / 2) return false
    this.#count = wanted
    return true
  }

  /** Too much was sent. @returns whether the number could be lowered */
  lower(): boolean {
    const lowered = Math.max(1, Math.floor(this.#count / 2))
    const isLower = lowered < this.#count
    this.#count = lowered
    return isLower
  }

  #fitting(messageBytes: number): number {
    const fitting = Math.floor(this.maxBytes / Math.max(1, messageBytes))
    return Math.max(1, Math.min(this.#maxMessages, fitting))
  }
}
