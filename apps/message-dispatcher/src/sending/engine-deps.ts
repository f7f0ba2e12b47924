import type { Logger } from '@runnel/observability'
import type { AppliedTransition } from '@runnel/repositories'
import type { Clock } from '../clock.ts'
import type { Templates } from '../template/templates.ts'
import type { Wake } from '../wake.ts'
import type { Breaker } from './breaker/gateway-breaker.ts'
import type { Gateway } from './gateway/gateway.ts'
import type { Rates } from './rates/rates.ts'
import type { SendStore } from './send-store.ts'

export interface EngineOptions {
  /** Sends that this process may have under way. */
  readonly concurrency: number
  /** Milliseconds between two looks for work, where nobody wakes it. */
  readonly intervalMs: number
  /** Milliseconds that a lease lasts. */
  readonly leaseMs: number
  /** The longest that one attempt takes, in milliseconds, with a margin. */
  readonly sendTimeoutMs: number
  /** Milliseconds that the first of a few results waits for others before they are recorded. */
  readonly flushMs: number
  /** Results that may wait for the database; from then on nothing new is sent. */
  readonly maxUnflushed: number
  /** Milliseconds between attempts while the database is away. */
  readonly retryDelayMs: number
  /** The longest that a message waits for its next attempt, unless the gateway asks for more, in milliseconds. */
  readonly retryMaxMs: number
  /** Whether the gateway recognises a message id that comes again. */
  readonly deduplicates: boolean
}

export interface EngineDeps {
  readonly log: Logger
  readonly store: SendStore
  readonly clock: Clock
  readonly wake: Wake
  readonly gateway: Gateway
  readonly breaker: Breaker
  readonly rates: Rates
  readonly templates: Templates
  readonly options: EngineOptions
  /** Shown with leases. */
  readonly owner: string
  /** Evenly distributed in [0, 1). */
  readonly random: () => number
  /** Never goes back: leases are measured by it, in milliseconds. */
  readonly monotonicMs: () => number
  /** Told of every transition that was recorded. */
  readonly onRecorded?: (applied: readonly AppliedTransition[]) => void
  /** Aborted when the process drains. */
  readonly signal: AbortSignal
}

/** Of a lease, what has to be left beyond an attempt when that begins: clocks drift, and a stalled process needs to notice. */
export const LEASE_MARGIN_MS = 1000

/** Messages of a chunk that are begun together: what pausing lets through, and what a crash leaves in doubt. */
export const BLOCK_MESSAGES = 64

/** A mailing whose work had to be stopped is looked at again after this many milliseconds. */
export const REST_MS = 1000

/** One whose rate is used up, not before this many: a few messages more are worth a statement. */
export const MIN_REST_MS = 100

/** @returns for a lease asked for at a moment, until when a send may begin */
export function sendUntilMs(askedAtMs: number, { leaseMs, sendTimeoutMs }: EngineOptions): number {
  return askedAtMs + leaseMs - sendTimeoutMs - LEASE_MARGIN_MS
}
