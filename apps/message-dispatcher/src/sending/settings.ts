import type { SettingsOf } from '@runnel/runtime'
import { engineOptionsOf, engineSettings } from './engine-settings.ts'
import { gatewaySettings } from './gateway-settings.ts'
import type { SendingOptions } from './sending-options.ts'

/** What the sending of messages reads from the environment. */
export const sendSettings = { ...gatewaySettings, ...engineSettings }

export function sendingOptionsOf(config: SettingsOf<typeof sendSettings>): SendingOptions {
  return {
    engine: engineOptionsOf(config),
    gateway: {
      url: config.GATEWAY_URL,
      token: config.GATEWAY_TOKEN,
      timeoutMs: config.GATEWAY_TIMEOUT_MS,
      connectTimeoutMs: config.GATEWAY_CONNECT_TIMEOUT_MS,
      connections: config.GATEWAY_CONNECTIONS,
    },
    breaker: {
      probeIntervalMs: config.BREAKER_PROBE_INTERVAL_MS,
      timeoutMs: config.GATEWAY_TIMEOUT_MS,
    },
    ratePerSecond: config.SEND_RATE_PER_SECOND,
  }
}
