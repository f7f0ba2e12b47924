/** How long a search may take, and how it begins. */
export interface SearchBudget {
  readonly ms: number
  /** Entries that the first slice looks at. */
  readonly rows: number
  /** Entries that a slice looks at, at most. */
  readonly maxRows?: number
  /** Monotonic milliseconds. Default: those of this process. */
  readonly now?: () => number
}

/** Other queries have their turn between two slices. */
const SLICE_MS = 250
const MIN_ROWS = 100
/** As many as a read may look at where no statement timeout ends it. */
const MAX_ROWS = 500_000
/** From one slice to the next: the first entries are often cached, and say little about the others. */
const MAX_GROWTH = 4
/** After a slice that was cut off. */
const SHRINK = 8

/** How many entries the next slice of a search looks at, by what the last one took. */
export class SlicePace {
  readonly #now: () => number
  readonly #endMs: number
  /** A busy machine makes slices slow, and short ones slower: each has a cost of its own. */
  #minRows: number
  #startedMs: number
  #rows: number
  readonly #maxRows: number

  constructor({ ms, rows, maxRows = MAX_ROWS, now = () => performance.now() }: SearchBudget) {
    this.#now = now
    this.#maxRows = maxRows
    this.#startedMs = now()
    this.#endMs = this.#startedMs + ms
    this.#minRows = rows
    this.#rows = rows
  }

  get rows(): number {
    return this.#rows
  }

  /** A slice ends, and the next one begins. @returns false where the time is over */
  next(): boolean {
    const nowMs = this.#now()
    const tookMs = Math.max(1, nowMs - this.#startedMs)
    this.#setRows(this.#rows * Math.min(MAX_GROWTH, SLICE_MS / tookMs))
    this.#startedMs = nowMs
    return nowMs < this.#endMs
  }

  /** The slice was too slow. @returns false where a shorter one would be of no use */
  shrink(): boolean {
    if (this.#rows <= MIN_ROWS) return false
    this.#minRows = MIN_ROWS
    this.#setRows(this.#rows / SHRINK)
    this.#startedMs = this.#now()
    return true
  }

  #setRows(rows: number): void {
    this.#rows = Math.min(this.#maxRows, Math.max(this.#minRows, Math.round(rows)))
  }
}
