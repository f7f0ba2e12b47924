import { integer, type SettingsOf } from '@runnel/runtime'
import { LEASE_MARGIN_MS, type EngineOptions } from './engine-deps.ts'
import type { gatewaySettings } from './gateway-settings.ts'
import { MAX_RETRY_DELAY_MS } from './results/retry-delay.ts'

/** What the engine of sending reads from the environment. */
export const engineSettings = {
  SEND_INTERVAL_MS: integer(1000, 'Milliseconds between two looks for messages to send', { min: 10 }),
  SEND_CONCURRENCY: integer(
    128,
    'Sends that a process may have under way; never more than GATEWAY_CONNECTIONS',
    { min: 1, max: 10_000 },
  ),
  SEND_LEASE_MS: integer(
    30_000,
    'Milliseconds after which others take over from a process that died; at least twice GATEWAY_TIMEOUT_MS + 2000 is taken',
    { min: 1000, max: 3_600_000 },
  ),
  SEND_FLUSH_MS: integer(200, 'Milliseconds that a few results wait for more before they are recorded', {
    max: 10_000,
  }),
  SEND_RETRY_MAX_MS: integer(
    MAX_RETRY_DELAY_MS,
    'Milliseconds that a message waits at most for its next attempt, however many it had',
    { min: 10, max: 86_400_000 },
  ),
  SEND_MAX_UNFLUSHED: integer(
    2000,
    'Results that may wait for PostgreSQL, sends under way included; then nothing more is sent',
    { min: 1, max: 100_000 },
  ),
}

type Config = SettingsOf<typeof engineSettings & typeof gatewaySettings>

/** On top of the gateway's timeout, for everything between the last look at the clock and the first byte. */
const START_MARGIN_MS = 1000

/** Between two attempts to reach a database that is away. */
const RETRY_DELAY_MS = 500

export function engineOptionsOf(config: Config): EngineOptions {
  const sendTimeoutMs = config.GATEWAY_TIMEOUT_MS + START_MARGIN_MS
  return {
    concurrency: Math.min(config.SEND_CONCURRENCY, config.GATEWAY_CONNECTIONS),
    intervalMs: config.SEND_INTERVAL_MS,
    // Half of a lease is for the sends that it may begin, and for renewing it before they have to stop.
    leaseMs: Math.max(config.SEND_LEASE_MS, 2 * (sendTimeoutMs + LEASE_MARGIN_MS)),
    sendTimeoutMs,
    flushMs: config.SEND_FLUSH_MS,
    maxUnflushed: config.SEND_MAX_UNFLUSHED,
    retryDelayMs: RETRY_DELAY_MS,
    retryMaxMs: config.SEND_RETRY_MAX_MS,
    deduplicates: config.GATEWAY_DEDUPLICATES === 'true',
  }
}
