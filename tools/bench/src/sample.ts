/** What a process used during one measurement. */
export interface ProcessUse {
  readonly process: string
  /** User and system time. */
  readonly cpuSeconds: number
  /** Largest resident memory while it was measured, in MB (2^20 bytes). */
  readonly peakMb: number
}

/** What one measurement counted and timed. */
export interface Measurement {
  /** In the unit of its row, a second. */
  readonly rate: number
  /** What was done in all, in the unit of its row: that which CPU time is divided by. */
  readonly operations: number
  /** Milliseconds that half of the requests took at most; missing where there are no requests. */
  readonly p50Ms?: number
  /** Milliseconds that 99 % of the requests took at most; missing where there are no requests. */
  readonly p99Ms?: number
  /** Requests that failed or were refused; such a measurement is void. */
  readonly errors: number
  /** Which part of the requests went the way that the row is about; missing where that is a matter of course. */
  readonly share?: number
}

/** What one measurement gave. */
export interface Sample extends Measurement {
  /** Empty where there is no /proc. */
  readonly processes: readonly ProcessUse[]
}
