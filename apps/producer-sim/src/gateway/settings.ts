import { choice, integer, port, text, type Setting, type SettingsOf } from '@runnel/runtime'
import { BEHAVIOURS, completeProbabilities } from './behaviours.ts'
import type { FakeGatewayOptions } from './fake-gateway.ts'
import {
  changeSettings,
  MAX_DELAY_MS,
  MAX_RETRY_AFTER_SECONDS,
  type GatewayMode,
} from './gateway-settings.ts'
import { parseMode } from './parse-mode.ts'

const mode: Setting<GatewayMode> = {
  fallback: 'ok',
  description: `What the fake gateway does: down, ${BEHAVIOURS.join(', ')}, or a mix like 500=0.1,hang=0.05`,
  parse: parseMode,
}

/** What the fake gateway reads from the environment. */
export const gatewaySettings = {
  GATEWAY_PORT: port(8090, 'TCP port of the fake gateway'),
  GATEWAY_TOKEN: text('runnel', 'Bearer token for the gateway', {
    pattern: /^[\x21-\x7e]{1,4096}$/,
    expected: 'printable ASCII without blanks',
    secret: true,
  }),
  GATEWAY_DEDUPLICATES: choice(
    'true',
    'Whether the gateway recognises a repeated message id: then what has an unknown outcome is sent again',
    ['true', 'false'],
  ),
  GATEWAY_MODE: mode,
  GATEWAY_SEED: integer(1, 'Decides which call of the fake gateway meets what'),
  GATEWAY_LATENCY_MS: integer(0, 'Milliseconds before every answer of the fake gateway', {
    max: MAX_DELAY_MS,
  }),
  GATEWAY_SLOW_MS: integer(2000, 'Milliseconds before a slow answer of the fake gateway', {
    max: MAX_DELAY_MS,
  }),
  GATEWAY_RETRY_AFTER_SECONDS: integer(1, 'Seconds in Retry-After of the fake gateway', {
    max: MAX_RETRY_AFTER_SECONDS,
  }),
  GATEWAY_MAX_CALLS: integer(2_000_000, 'Calls that the fake gateway keeps; past them it takes none', {
    min: 1,
    max: 16_000_000,
  }),
}

type GatewayConfig = Omit<SettingsOf<typeof gatewaySettings>, 'GATEWAY_PORT'>

/** The part of the settings that is about the gateway. */
export function gatewayOptions(config: GatewayConfig): FakeGatewayOptions {
  const settings = {
    down: false,
    probabilities: completeProbabilities({}),
    seed: config.GATEWAY_SEED,
    latencyMs: config.GATEWAY_LATENCY_MS,
    slowMs: config.GATEWAY_SLOW_MS,
    retryAfterSeconds: config.GATEWAY_RETRY_AFTER_SECONDS,
    deduplicates: config.GATEWAY_DEDUPLICATES === 'true',
  }
  return {
    settings: changeSettings(settings, config.GATEWAY_MODE),
    token: config.GATEWAY_TOKEN,
    maxCalls: config.GATEWAY_MAX_CALLS,
  }
}
