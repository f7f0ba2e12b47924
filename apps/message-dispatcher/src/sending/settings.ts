import { integer, type SettingsOf } from '@runnel/runtime'
import { engineSettings } from './engine-settings.ts'
import { gatewaySettings } from './channels/gateway/gateway-settings.ts'

/** What the sending of messages reads from the environment. */
export const sendingSettings = {
  engine: engineSettings,
  gateway: gatewaySettings,
  breaker: {
    probeIntervalMs: integer(
      'BREAKER_PROBE_INTERVAL_MS',
      5000,
      'Milliseconds between two checks whether an unreachable gateway answers again',
      { min: 100, max: 600_000 },
    ),
  },
  failedLinesPerSecond: integer(
    'LOG_FAILED_MESSAGES_PER_SECOND',
    10,
    'Lines a second that the log may have about single messages that failed or are unknown; what is left out is counted. 0: none',
    { max: 10_000 },
  ),
  ratePerSecond: integer(
    'SEND_RATE_PER_SECOND',
    0,
    'Messages a second that all replicas send together; 0: no limit',
    { max: 1_000_000 },
  ),
}

export type SendingOptions = SettingsOf<typeof sendingSettings>
