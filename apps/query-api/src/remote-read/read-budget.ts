import { AppError } from '@runnel/contracts'
import { SAMPLE_BYTES } from './sample-buffer.ts'

/** What one request may look at and find. */
export interface ReadLimits {
  readonly rows: number
  readonly series: number
}

const THINGS = {
  ...{ rows: 'rows', series: 'series', names: 'names of metrics' },
  samples: `samples (of ${SAMPLE_BYTES} bytes, and a native histogram is many)`,
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
    if (this.#samples > this.#limits.rows) throw this.exceeded('samples')
  }

  /** What a native histogram takes in memory beside its row, as so many samples. @throws AppError invalid_field */
  addHistogram(bytes: number): void {
    this.addSamples(Math.ceil(bytes / SAMPLE_BYTES))
  }

  /** @returns the error of a request that asks for more */
  exceeded(what: keyof typeof THINGS): AppError {
    const limit = what === 'rows' || what === 'samples' ? this.#limits.rows : this.#limits.series
    return new AppError(
      'invalid_field',
      `The request would look at more ${THINGS[what]} than ${limit}: name the metric, narrow the range, or ask for less at once`,
      { field: 'matchers', expected: 'narrower selectors' },
    )
  }
}
