const BUCKET_MS = 1000
const BUCKETS = 10

/** How far back results count. */
export const WINDOW_MS = BUCKET_MS * BUCKETS

export interface Counts {
  readonly total: number
  readonly failed: number
}

/** Counts the results of the last ten seconds, in buckets of one. */
export class ResultWindow {
  readonly #now: () => number
  readonly #total = new Uint32Array(BUCKETS)
  readonly #failed = new Uint32Array(BUCKETS)
  #bucket = 0

  /** @param now monotonic milliseconds */
  constructor(now: () => number) {
    this.#now = now
  }

  add(failed: boolean): void {
    this.#forget()
    const index = this.#bucket % BUCKETS
    this.#total[index]!++
    if (failed) this.#failed[index]!++
  }

  counts(): Counts {
    this.#forget()
    const sum = (numbers: Uint32Array) => numbers.reduce((all, one) => all + one, 0)
    return { total: sum(this.#total), failed: sum(this.#failed) }
  }

  clear(): void {
    this.#total.fill(0)
    this.#failed.fill(0)
  }

  /** Empties the buckets that are older than the window. */
  #forget(): void {
    const bucket = Math.floor(this.#now() / BUCKET_MS)
    const passed = Math.min(bucket - this.#bucket, BUCKETS)
    for (let step = 1; step <= passed; step++) {
      const index = (bucket - passed + step) % BUCKETS
      this.#total[index] = this.#failed[index] = 0
    }
    this.#bucket = bucket
  }
}
