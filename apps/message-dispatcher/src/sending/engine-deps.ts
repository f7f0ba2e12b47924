import type { ChannelName } from '@runnel/contracts'
import type { Logger } from '@runnel/observability'
import type { AppliedTransition, SendRecord } from '@runnel/repositories-mailings'
import type { Clock } from '../clock.ts'
import type { Templates } from '../template/templates.ts'
import type { Wake } from '../wake.ts'
import type { ChannelBreaker } from './breaker/channel-breaker.ts'
import type { Channel } from './channels/channel.ts'
import type { Rates } from './rates/rates.ts'
import type { UnsubscribeUrl } from './judge-message.ts'
import type { SendStore } from './send-store.ts'

export interface EngineOptions {
  /** Only mailings that go out by it are sent. */
  readonly channelName: ChannelName
  /** Sends that this process may have under way. */
  readonly concurrency: number
  /** Milliseconds between two checks for work, unless a notice arrives earlier. */
  readonly intervalMs: number
  /** Milliseconds that a lease lasts. */
  readonly leaseMs: number
  /** The longest that one attempt takes, in milliseconds, with a margin. */
  readonly sendTimeoutMs: number
  /** Milliseconds that a result waits for others to be recorded with. */
  readonly flushMs: number
  /** Results that may wait for the database; beyond this, nothing new is sent. */
  readonly maxUnflushed: number
  /** Milliseconds between attempts while the database is unreachable. */
  readonly retryDelayMs: number
  /** The longest time that a message waits for its next attempt, unless the channel asks for more, in milliseconds. */
  readonly retryMaxMs: number
  /** Of everything that is sent; 0: no limit. */
  readonly ratePerSecond: number
  /** Whether what receives the messages recognises a repeated message id. */
  readonly deduplicates: boolean
  /** Whether texts and addresses are recorded with the attempts. */
  readonly keepsTexts: boolean
}

export interface EngineDeps {
  readonly log: Logger
  readonly store: SendStore
  readonly clock: Clock
  readonly wake: Wake
  readonly channel: Channel
  readonly breaker: ChannelBreaker
  readonly rates: Rates
  readonly templates: Templates
  /** Where a person opts out with one click; undefined where the channel has no such thing. */
  readonly unsubscribeUrl?: UnsubscribeUrl | undefined
  readonly options: EngineOptions
  /** Shown with leases. */
  readonly owner: string
  /** Evenly distributed in [0, 1). */
  readonly random: () => number
  /** Never goes back: leases are measured by it, in milliseconds. */
  readonly monotonicMs: () => number
  /** Receives every transition that was recorded, and the records that they came from. */
  readonly onRecorded?: (applied: readonly AppliedTransition[], records: readonly SendRecord[]) => void
  /** Aborted when the process drains. */
  readonly signal: AbortSignal
  /** Aborted when little time is left for the drain: nothing waits for the database any more. */
  readonly lastCall: AbortSignal
}

/** Time of a lease that has to be left after an attempt: clocks drift, and a stalled process has to notice. */
export const LEASE_MARGIN_MS = 1000

/** Messages of a chunk that are begun together. So many are still sent after a pause, and are in doubt after a crash. */
export const BLOCK_MESSAGES = 64

/** Work of a mailing that had to be stopped is claimed again after this many milliseconds. */
export const BACKOFF_MS = 1000

/** Where its rate is used up, it is not claimed earlier than this: a statement should bring more than a few messages. */
export const MIN_BACKOFF_MS = 100

/** @returns until when a send may begin under a lease that was requested at a moment */
export function sendUntilMs(requestedAtMs: number, { leaseMs, sendTimeoutMs }: EngineOptions): number {
  return requestedAtMs + leaseMs - sendTimeoutMs - LEASE_MARGIN_MS
}
