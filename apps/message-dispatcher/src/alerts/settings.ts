import { appUrl, integer, list, type SettingsOf } from '@runnel/runtime'
import { parseEmailAddress } from '../notifications/email-address.ts'
import { secondWebhookSecret, webhookSecret } from '../webhook-secret.ts'

const MAX_TARGETS = 20

function parseWebhookUrl(value: string): string {
  const parsed = URL.canParse(value) ? new URL(value) : undefined
  if (!parsed || !['http:', 'https:'].includes(parsed.protocol) || parsed.username || parsed.password)
    throw new Error('URLs that start with http:// or https:// and hold no user name')
  return parsed.href
}

/** Alerts read these from the environment. */
export const alertSettings = {
  emails: list(
    'ALERT_EMAILS',
    'E-mail addresses that alerts go to; with commas between them',
    parseEmailAddress,
    MAX_TARGETS,
  ),
  webhooks: {
    // Paths of such addresses often are secrets.
    ...list(
      'ALERT_WEBHOOK_URLS',
      'URLs that alerts are posted to, signed; with commas between them',
      parseWebhookUrl,
      MAX_TARGETS,
    ),
    secret: true,
  },
  webhookSecret: webhookSecret('ALERT_WEBHOOK_SECRET', 'Key that webhooks are signed with'),
  webhookSecretSecond: secondWebhookSecret('ALERT_WEBHOOK_SECRET'),
  webhookTimeoutMs: integer(
    'ALERT_WEBHOOK_TIMEOUT_MS',
    10_000,
    'Milliseconds that one call of a webhook may take',
    {
      min: 100,
      max: 60_000,
    },
  ),
  intervalMs: integer(
    'ALERT_INTERVAL_MS',
    15_000,
    'Milliseconds between two looks at the conditions of alerts',
    {
      min: 100,
      max: 600_000,
    },
  ),
  afterSeconds: integer(
    'ALERT_AFTER_SECONDS',
    60,
    'Seconds that a condition has to last before an alert is raised, and to be over before it is resolved',
    { max: 86_400 },
  ),
  lagSeconds: integer(
    'ALERT_LAG_SECONDS',
    60,
    'Seconds that events may wait to be stored before an alert is raised',
    { min: 1, max: 86_400 },
  ),
  remindHours: integer(
    'ALERT_REMIND_HOURS',
    0,
    'Hours between two reminders of an alert that is not resolved; 0: no reminders',
    { max: 720 },
  ),
  queryApiUrl: appUrl('query-api'),
}

export type AlertOptions = SettingsOf<typeof alertSettings>
