import type { SendResult } from '../gateway/gateway.ts'

/**
 * `closed`: sending. `open`: nothing is sent. `probing`: this replica sends one message as a test. `ramping`: the gateway
 * works again, and receives more step by step.
 */
export type BreakerState = 'closed' | 'open' | 'probing' | 'ramping'

/**
 * Keeps a long outage of the gateway from costing attempts. All replicas share one state in the database, which is written
 * only on changes and for probes. While the database is unreachable, the last known state holds. No method throws.
 */
export interface GatewayBreaker {
  /**
   * Sends that this replica may have under way at this moment: 0 while open, or during a pause that the gateway asked for; 1
   * while this replica has the probe; a part of `full`, at least 1, while it ramps up; else `full`.
   */
  allowance(full: number): number
  /** Has to receive every result, at once. */
  report(result: SendResult): void
  /** Reads the shared state, and takes the probe where it is due and no replica holds it. Call before claiming work. */
  refresh(): Promise<void>
  readonly state: BreakerState
  /** Milliseconds until the allowance may change, at least 1; 0 where there is one now. */
  waitMs(): number
}
