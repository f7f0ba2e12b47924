import type { SendResult } from '../gateway/gateway.ts'

/**
 * `closed`: sending. `open`: nothing is sent. `probing`: this replica sends one message, to see. `ramping`: the gateway
 * answers again, and gets more step by step.
 */
export type BreakerState = 'closed' | 'open' | 'probing' | 'ramping'

/**
 * Keeps hours of outage from costing attempts. One state for all replicas lies in the database; it is written on changes
 * and for probes alone. While the database is away, what was known last holds. Nothing in here throws.
 */
export interface Breaker {
  /**
   * Sends that this replica may have under way at this moment: 0 while open, or while the gateway asked for a pause; 1
   * while this replica has the probe; a part of `full`, at least 1, while it ramps up; else `full`.
   */
  allowance(full: number): number
  /** Has to be told of every result, at once. */
  report(result: SendResult): void
  /** Reads the shared state, and takes the probe where it is due and nobody has it. Call before claiming work. */
  refresh(): Promise<void>
  readonly state: BreakerState
  /** Milliseconds until it is worth asking again, at least 1; 0 where there is an allowance now. */
  waitMs(): number
}
