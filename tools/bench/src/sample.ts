/** What one measurement gave. */
export interface Sample {
  /** In the unit of its row, a second. */
  readonly rate: number
  /** Milliseconds that 99 % of the requests took at most; missing where there are no requests. */
  readonly p99Ms?: number
  /** Requests that failed or were refused; such a measurement is void. */
  readonly errors: number
}
