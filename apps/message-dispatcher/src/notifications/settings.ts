import {
  ConfigError,
  findSecondSecretProblems,
  integer,
  url,
  type Setting,
  type SettingsOf,
} from '@runnel/runtime'
import { alertSettings } from '../alerts/settings.ts'
import { reportSettings } from '../reports/settings.ts'
import { findMailServerProblems, mailServerSettings } from '../smtp/mail-server-settings.ts'

const anyUrl = url(
  'CONSOLE_URL',
  '',
  'Address of the console as people reach it, for links in reports and alerts; empty: /console of QUERY_API_URL',
  ['http', 'https'],
)

const consoleUrl: Setting<string | undefined> = {
  ...anyUrl,
  parse: (text) => (text === '' ? undefined : anyUrl.parse(text).replace(/\/+$/, '')),
}

/** What reports and alerts read from the environment. */
export const notificationSettings = {
  smtp: mailServerSettings({ prefix: 'SMTP', purpose: 'reports and alerts' }),
  report: reportSettings,
  alerts: alertSettings,
  consoleUrl,
  intervalMs: integer(
    'NOTIFY_INTERVAL_MS',
    5000,
    'Milliseconds between two checks for reports and alerts that are due',
    { min: 10, max: 600_000 },
  ),
  giveUpHours: integer(
    'NOTIFY_GIVE_UP_HOURS',
    48,
    'Hours after which an e-mail or a webhook that is refused for now is given up',
    { min: 1, max: 720 },
  ),
  retention: {
    days: integer('NOTIFICATION_RETENTION_DAYS', 365, 'Days that sent reports and alerts are kept', {
      min: 7,
      max: 3650,
    }),
    bytes: integer(
      'NOTIFICATION_RETENTION_BYTES',
      256 * 1024 ** 2,
      'Bytes of reports and alerts that are kept; the oldest are removed beyond that',
      { min: 1024 ** 2 },
    ),
  },
}

export type NotificationOptions = SettingsOf<typeof notificationSettings>

type Checked = Pick<NotificationOptions, 'smtp' | 'report'> & {
  readonly alerts: Pick<
    NotificationOptions['alerts'],
    'emails' | 'webhooks' | 'webhookSecret' | 'webhookSecretSecond'
  >
}

/**
 * To be called at the start: settings that are right one by one may need others, and nothing that was set may be ignored.
 *
 * @throws ConfigError that names every problem
 */
export function requireCompleteNotifications({ smtp, report, alerts }: Checked): void {
  const { webhookSecret: first, webhookSecretSecond: second } = alerts
  const problems = [
    ...findMailServerProblems(smtp, 'SMTP'),
    ...findSecondSecretProblems('ALERT_WEBHOOK_SECRET', { first, second }),
  ]
  const needMail = [
    ['REPORT_TO', report.to.length],
    ['ALERT_EMAILS', alerts.emails.length],
  ] as const
  for (const [variable, count] of needMail)
    if (count > 0 && smtp.host === '')
      problems.push(`${variable} is set, but SMTP_HOST is not: name the mail server that sends to them`)
  if (alerts.webhooks.length > 0 && !first)
    problems.push(
      'ALERT_WEBHOOK_URLS is set, but ALERT_WEBHOOK_SECRET is not: receivers recognise Runnel by a signature',
    )
  if (problems.length > 0) throw new ConfigError(problems)
}
