/**
 * Keeps a failing Redis from costing every request its timeout: after a failure nothing is tried for a while, then
 * one command at a time until one succeeds.
 */
export class RedisBreaker {
  readonly #now: () => number
  readonly #pauseMs: number
  #failing = false
  #retryAtMs = 0

  /** @param now monotonic milliseconds */
  constructor(now: () => number, pauseMs: number) {
    this.#now = now
    this.#pauseMs = pauseMs
  }

  /** @returns whether to try; a yes while failing is the one probe of this pause */
  allows(): boolean {
    if (!this.#failing) return true
    if (this.#now() < this.#retryAtMs) return false
    this.#retryAtMs = this.#now() + this.#pauseMs
    return true
  }

  /** @returns whether this success ended an outage */
  succeeded(): boolean {
    const ended = this.#failing
    this.#failing = false
    return ended
  }

  /** @returns whether this failure began an outage */
  failed(): boolean {
    const began = !this.#failing
    this.#failing = true
    this.#retryAtMs = this.#now() + this.#pauseMs
    return began
  }
}
