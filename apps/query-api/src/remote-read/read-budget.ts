import { AppError } from '@runnel/contracts'

/** What one request may look at and find. */
export interface ReadLimits {
  readonly rows: number
  readonly series: number
}

/** What is left of the limits of a request: its queries share them. */
export class ReadBudget {
  readonly #limits: ReadLimits
  #rows = 0
  #series = 0
  #samples = 0

  constructor(limits: ReadLimits) {
    this.#limits = limits
  }

  get limits(): ReadLimits {
    return this.#limits
  }

  /** For the next query. */
  get left(): ReadLimits {
    return { rows: this.#limits.rows - this.#rows, series: this.#limits.series - this.#series }
  }

  /** Of a query: what it looked at for its series, and how many these are. */
  spend(rows: number, series: number): void {
    this.#rows += rows
    this.#series += series
  }

  /** Rows that are read as samples, of which more may have come meanwhile. @throws AppError invalid_field */
  addSamples(count: number): void {
    this.#samples += count
    if (this.#samples > this.#limits.rows) throw this.exceeded('rows')
  }

  /** @returns the error of a request that asks for more */
  exceeded(what: keyof ReadLimits | 'names'): AppError {
    const limit = what === 'rows' ? this.#limits.rows : this.#limits.series
    const things = what === 'names' ? 'names of metrics' : what
    return new AppError(
      'invalid_field',
      `The request would look at more ${things} than ${limit}: name the metric, narrow the range, or ask for less at once`,
      { field: 'matchers', expected: 'narrower selectors' },
    )
  }
}
