import { BEHAVIOURS, MAX_DELAY_MS, MAX_RETRY_AFTER_SECONDS } from '@runnel/contracts/api/fake-gateway'
import { FAKE_GATEWAY } from '@runnel/contracts/apps'
import { gatewaySettings as sharedSettings, integer, port, text, type Setting } from '@runnel/runtime'
import type { GatewayMode } from './gateway-settings.ts'
import { parseMode } from './parse-mode.ts'

const mode: Setting<GatewayMode> = {
  variable: 'GATEWAY_MODE',
  fallback: 'ok',
  description: `What the fake gateway does: down, ${BEHAVIOURS.join(', ')}, or a mix like 500=0.1,hang=0.05`,
  parse: parseMode,
}

const SUFFIX = { pattern: /^\d{0,15}$/, expected: 'up to 15 digits' }

/** What the fake gateway reads from the environment. */
export const gatewaySettings = {
  port: port('GATEWAY_PORT', FAKE_GATEWAY.port, 'TCP port of the fake gateway'),
  token: sharedSettings.token,
  maxCalls: integer(
    'GATEWAY_MAX_CALLS',
    2_000_000,
    'Calls that the fake gateway keeps; past them it refuses more',
    {
      min: 1,
      max: 16_000_000,
    },
  ),
  mode,
  settings: {
    deduplicates: sharedSettings.deduplicates,
    phoneSuffix: text(
      'GATEWAY_PHONE_SUFFIX',
      '',
      'Only calls of the fake gateway to phones that end so meet something else than ok; empty: all',
      SUFFIX,
    ),
    refusedSuffix: text(
      'GATEWAY_REFUSED_SUFFIX',
      '',
      'Calls of the fake gateway to phones that end so are refused, whatever others meet; empty: none',
      SUFFIX,
    ),
    seed: integer('GATEWAY_SEED', 1, 'Seed of the behaviour that each call of the fake gateway meets'),
    latencyMs: integer('GATEWAY_LATENCY_MS', 0, 'Milliseconds before every answer of the fake gateway', {
      max: MAX_DELAY_MS,
    }),
    slowMs: integer('GATEWAY_SLOW_MS', 2000, 'Milliseconds before a slow answer of the fake gateway', {
      max: MAX_DELAY_MS,
    }),
    retryAfterSeconds: integer(
      'GATEWAY_RETRY_AFTER_SECONDS',
      1,
      'Seconds in Retry-After of the fake gateway',
      {
        max: MAX_RETRY_AFTER_SECONDS,
      },
    ),
  },
}
