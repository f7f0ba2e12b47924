import { integer, type SettingsOf } from '@runnel/runtime'
import { LEASE_MARGIN_MS, type EngineOptions } from './engine-deps.ts'
import type { gatewaySettings } from './channels/gateway/gateway-settings.ts'
import { MAX_RETRY_DELAY_MS } from './results/retry-delay.ts'

/** What the engine of sending reads from the environment. */
export const engineSettings = {
  intervalMs: integer('SEND_INTERVAL_MS', 1000, 'Milliseconds between two checks for messages to send', {
    min: 10,
  }),
  concurrency: integer(
    'SEND_CONCURRENCY',
    128,
    'Messages that a process may be sending at a time; never more than GATEWAY_CONNECTIONS',
    { min: 1, max: 10_000 },
  ),
  leaseMs: integer(
    'SEND_LEASE_MS',
    30_000,
    'Milliseconds after which another replica takes over from a process that died; raised to twice GATEWAY_TIMEOUT_MS + 2000 where it is less',
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

/** On top of the gateway's timeout, for everything between the last look at the clock and the first byte. */
const START_MARGIN_MS = 1000

/** Between two attempts to reach a database that is unreachable. */
const RETRY_DELAY_MS = 500

/** The engine's options: what the gateway's limits make of its settings. */
export function createEngineOptions(
  engine: SettingsOf<typeof engineSettings>,
  gateway: Pick<SettingsOf<typeof gatewaySettings>, 'timeoutMs' | 'connections' | 'deduplicates'>,
  ratePerSecond: number,
): Omit<EngineOptions, 'keepsTexts'> {
  const sendTimeoutMs = gateway.timeoutMs + START_MARGIN_MS
  return {
    ...engine,
    concurrency: Math.min(engine.concurrency, gateway.connections),
    // Half of a lease is for the sends that it may begin, and for renewing it before they have to stop.
    leaseMs: Math.max(engine.leaseMs, 2 * (sendTimeoutMs + LEASE_MARGIN_MS)),
    sendTimeoutMs,
    retryDelayMs: RETRY_DELAY_MS,
    ratePerSecond,
    deduplicates: gateway.deduplicates,
  }
}
