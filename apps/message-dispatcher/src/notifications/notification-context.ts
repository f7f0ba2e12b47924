import type { Database } from '@runnel/repositories-database'
import type { NotificationChannel } from '@runnel/repositories-mailings'
import { acceptedSecrets } from '@runnel/runtime'
import type { AlertTargets } from '../alerts/alert-message.ts'
import type { Deps } from '../deps.ts'
import { createBell, type Bell } from '../sending/bell.ts'
import type { Mailbox } from './email-address.ts'
import { renderEmail } from './render-email.ts'
import { createSmtpTransport } from './smtp/create-smtp-transport.ts'
import type { Transport } from './transport.ts'
import { createWebhookTransport } from './webhook/create-webhook-transport.ts'
import { toWebhookTarget } from './webhook/webhook-target.ts'

/** What the loops and the routes of reports and alerts share. */
export interface NotificationContext {
  readonly database: Database
  readonly transports: readonly (readonly [NotificationChannel, Transport])[]
  /** Rung when there may be something to deliver. */
  readonly bells: Readonly<Record<NotificationChannel, Bell>>
  readonly ringAll: () => void
  /** Undefined where no e-mail is sent. */
  readonly from: Mailbox | undefined
  readonly targets: AlertTargets
  /** Without a slash at its end. */
  readonly consoleUrl: string
  readonly giveUpMs: number
}

export function createNotificationContext(deps: Deps): NotificationContext {
  const { notifications, database, notificationDatabase = database } = deps
  const { smtp, alerts, giveUpHours } = notifications
  const consoleUrl = notifications.consoleUrl ?? `${alerts.queryApiUrl.replace(/\/+$/, '')}/console`
  const webhooks = alerts.webhooks.map(toWebhookTarget)
  const from = smtp.host === '' ? undefined : smtp.from
  const bells = { email: createBell(), webhook: createBell() }
  return {
    ...{ database: notificationDatabase, bells, from, consoleUrl },
    transports: createTransports(deps, webhooks, { from, consoleUrl }),
    ringAll: () => Object.values(bells).forEach((bell) => bell.ring()),
    targets: { emails: alerts.emails, webhooks: webhooks.map(({ name }) => name), from, consoleUrl },
    giveUpMs: giveUpHours * 3_600_000,
  }
}

function createTransports(
  { clock, notifications, smtpCa }: Deps,
  targets: ReturnType<typeof toWebhookTarget>[],
  { from, consoleUrl }: { from: Mailbox | undefined; consoleUrl: string },
): [NotificationChannel, Transport][] {
  const { smtp, alerts } = notifications
  const nowMs = () => clock.nowMs()
  const made: [NotificationChannel, Transport][] = []
  if (from) {
    const render = (content: unknown) => renderEmail(content, consoleUrl)
    made.push(['email', createSmtpTransport({ server: { ...smtp, ca: smtpCa }, from, render, nowMs })])
  }
  if (alerts.webhookSecret !== undefined) {
    const { webhookSecret, webhookSecretSecond, webhookTimeoutMs: timeoutMs } = alerts
    const secrets = acceptedSecrets(webhookSecret, webhookSecretSecond)
    made.push(['webhook', createWebhookTransport({ targets, secrets, timeoutMs, nowMs })])
  }
  return made
}
