import { ConfigError, findSecondSecretProblems, integer, type SettingsOf } from '@runnel/runtime'
import { findMailServerProblems } from '../smtp/mail-server-settings.ts'
import { emailSettings } from './channels/email/email-settings.ts'
import { gatewaySettings } from './channels/gateway/gateway-settings.ts'
import { webhookSettings } from './channels/webhook/webhook-settings.ts'
import { findUnsubscribeProblems, unsubscribeSettings } from '../unsubscribe/settings.ts'
import { engineSettings } from './engine-settings.ts'

/** What the sending of messages reads from the environment. */
export const sendingSettings = {
  engine: engineSettings,
  gateway: gatewaySettings,
  email: emailSettings,
  webhook: webhookSettings,
  unsubscribe: unsubscribeSettings,
  breaker: {
    probeIntervalMs: integer(
      'BREAKER_PROBE_INTERVAL_MS',
      5000,
      'Milliseconds between two checks whether a channel that fails, such as an unreachable gateway, works again',
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
    'Messages a second that all replicas send through the gateway together; 0: no limit',
    { max: 1_000_000 },
  ),
}

export type SendingOptions = SettingsOf<typeof sendingSettings>

/**
 * To be called at the start: settings that are right one by one may need others, and nothing that was set may be ignored.
 *
 * @throws ConfigError that names every problem
 */
export function requireCompleteSending({
  email,
  unsubscribe,
  webhook: { secret: first, secretSecond: second },
}: Pick<SendingOptions, 'email' | 'unsubscribe' | 'webhook'>): void {
  const problems = [
    ...findMailServerProblems(email, 'EMAIL'),
    ...findUnsubscribeProblems(unsubscribe),
    ...findSecondSecretProblems('WEBHOOK_SECRET', { first, second }),
  ]
  if (email.host === '' && email.from)
    problems.push('EMAIL_FROM is set, but EMAIL_HOST is not: name the mail server that mailings go through')
  if (problems.length > 0) throw new ConfigError(problems)
}
