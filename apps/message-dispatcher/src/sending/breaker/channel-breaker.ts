import type { SendResult } from '../channels/channel.ts'
import type { AttemptOrigin } from './breaker-rules.ts'

/**
 * `closed`: sending. `open`: nothing is sent. `probing`: this replica sends one message as a test. `ramping`: the gateway
 * works again, and receives more step by step. `paused`: the gateway asked to be left alone for a while.
 */
export type BreakerState = 'closed' | 'open' | 'probing' | 'ramping' | 'paused'

/**
 * Keeps a long outage of the gateway from costing attempts. All replicas share one state in the database, which is written
 * only on changes and for probes. While the database is unreachable, the last known state holds. No method throws.
 */
export interface ChannelBreaker {
  /**
   * Sends that this replica may have under way at this moment: 0 while open, or during a pause that the gateway asked for; 1
   * while this replica has the probe; a part of `full`, at least 1, while it ramps up; else `full`.
   */
  allowance(full: number): number
  /**
   * Has to receive every result, at once.
   *
   * @returns whether a refusal is the message's own trouble, and not that of the gateway, the account or the address
   */
  report(result: SendResult, origin: AttemptOrigin): boolean
  /** Reads the shared state, and takes the probe where it is due and no replica holds it. Call before claiming work. */
  refresh(): Promise<void>
  readonly state: BreakerState
  /** Why nothing is sent: a short code; null while something is. */
  readonly reason: string | null
  /** Milliseconds until the allowance may change, at least 1; 0 where there is one now. */
  waitMs(): number
  /** Milliseconds until the pause ends or the next probe is due; undefined while messages are sent. */
  resumesInMs(): number | undefined
  /** While open: mailings whose messages failed, or were probed without success. Others may be probed early. */
  readonly suspects: ReadonlySet<number>
  /** Those of them that have had their turn: the next probe is of another mailing, if there is one. */
  readonly hadTurn: ReadonlySet<number>
  /** All mailings have had their turn: the next probe may be of any of them again. */
  beginRound(): void
  /** Whether a mailing that is no suspect may be probed before the next probe is due: answers came, and they may be of messages. */
  readonly mayProbeOthers: boolean
  /** Takes the probe before it is due. @returns whether this replica has it now */
  takeEarlyProbe(): Promise<boolean>
}
