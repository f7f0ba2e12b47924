import type { ChannelName } from '@runnel/contracts'
import { integer, type SettingsOf } from '@runnel/runtime'
import { LEASE_MARGIN_MS, type EngineOptions } from './engine-deps.ts'
import { MAX_RETRY_DELAY_MS } from './results/retry-delay.ts'

/** What the engine of sending reads from the environment. */
export const engineSettings = {
  intervalMs: integer('SEND_INTERVAL_MS', 1000, 'Milliseconds between two checks for messages to send', {
    min: 10,
  }),
  concurrency: integer(
    'SEND_CONCURRENCY',
    128,
    'Messages of a channel that a process may be sending at a time; never more than GATEWAY_CONNECTIONS, EMAIL_CONNECTIONS or WEBHOOK_CONNECTIONS',
    { min: 1, max: 10_000 },
  ),
  leaseMs: integer(
    'SEND_LEASE_MS',
    30_000,
    'Milliseconds after which another replica takes over from a process that died; raised to twice the timeout of the channel (such as GATEWAY_TIMEOUT_MS) + 2000 where it is less',
    { min: 1000, max: 3_600_000 },
  ),
  flushMs: integer(
    'SEND_FLUSH_MS',
    200,
    'Milliseconds that a few results wait for more before they are recorded',
    { max: 10_000 },
  ),
  retryMaxMs: integer(
    'SEND_RETRY_MAX_MS',
    MAX_RETRY_DELAY_MS,
    'Milliseconds that a message waits at most for its next attempt, however many it had',
    { min: 10, max: 86_400_000 },
  ),
  maxUnflushed: integer(
    'SEND_MAX_UNFLUSHED',
    2000,
    'Results that may wait for PostgreSQL, messages being sent included; past it no more is sent',
    { min: 1, max: 100_000 },
  ),
}

/** What a channel can do. */
export interface ChannelLimits {
  /** Of one attempt. */
  readonly timeoutMs: number
  /** Attempts at a time, of one process. */
  readonly connections: number
  /** Whether a repeat is recognised. */
  readonly deduplicates: boolean
  /** Of all replicas together; 0: no limit. */
  readonly ratePerSecond: number
}

/** On top of the channel's timeout, for everything between the last look at the clock and the first byte. */
const START_MARGIN_MS = 1000

/** Between two attempts to reach a database that is unreachable. */
const RETRY_DELAY_MS = 500

/** The longest that one attempt takes, with a margin. @param timeoutMs of the channel */
export function sendTimeoutOf(timeoutMs: number): number {
  return timeoutMs + START_MARGIN_MS
}

/** The options of a channel's engine: what its limits make of the settings. */
export function createEngineOptions(
  engine: SettingsOf<typeof engineSettings>,
  channelName: ChannelName,
  { timeoutMs, connections, deduplicates, ratePerSecond }: ChannelLimits,
): Omit<EngineOptions, 'keepsTexts'> {
  const sendTimeoutMs = sendTimeoutOf(timeoutMs)
  return {
    ...engine,
    channelName,
    concurrency: Math.min(engine.concurrency, connections),
    // Half of a lease is for the sends that it may begin, and for renewing it before they have to stop.
    leaseMs: Math.max(engine.leaseMs, 2 * (sendTimeoutMs + LEASE_MARGIN_MS)),
    sendTimeoutMs,
    retryDelayMs: RETRY_DELAY_MS,
    ratePerSecond,
    deduplicates,
  }
}
