import type { AlertEvent, NewNotification, StoredAlert } from '@runnel/repositories-mailings'
import { randomUUID } from 'node:crypto'
import type { Mailbox } from '../notifications/email-address.ts'
import { describeAlert } from './describe-alert.ts'

/** What is sent about an alert: the body of a webhook, by Standard Webhooks, and what an e-mail is made from. */
export interface AlertMessage {
  readonly type: `alert.${AlertEvent}`
  /** When it was raised, resolved or reminded of. */
  readonly timestamp: string
  readonly data: {
    readonly id: number
    readonly condition: string
    readonly title: string
    readonly text: string
    /** Since when it holds. */
    readonly startedAt: string
    readonly resolvedAt: string | null
    readonly facts: unknown
    /** Of the console. */
    readonly url: string
  }
}

export interface AlertTargets {
  readonly emails: readonly string[]
  /** Names of webhooks. */
  readonly webhooks: readonly string[]
  /** Undefined where no e-mail is sent. */
  readonly from: Mailbox | undefined
  /** Without a slash at its end. */
  readonly consoleUrl: string
}

function toAlertMessage(alert: StoredAlert, event: AlertEvent, consoleUrl: string): AlertMessage {
  const { id, condition, facts, startedAt, raisedAt, remindedAt, resolvedAt } = alert
  const { title, text, page } = describeAlert(condition, facts, resolvedAt !== null)
  const at = { raised: raisedAt, reminder: remindedAt ?? raisedAt, resolved: resolvedAt ?? raisedAt }[event]
  return {
    type: `alert.${event}`,
    timestamp: at.toISOString(),
    data: {
      ...{ id, condition, title, text, startedAt: startedAt.toISOString() },
      ...{ resolvedAt: resolvedAt?.toISOString() ?? null, facts },
      url: `${consoleUrl}/${page}`,
    },
  }
}

/** One notification for each address. The key names the event: however often it is noted, there is one. */
export function toNotifications(
  alert: StoredAlert,
  event: AlertEvent,
  { emails, webhooks, from, consoleUrl }: AlertTargets,
): NewNotification[] {
  const content = toAlertMessage(alert, event, consoleUrl)
  const name = `alert/${alert.id}/${event}${event === 'reminder' ? `/${content.timestamp}` : ''}`
  const domain = from?.address.slice(from.address.lastIndexOf('@') + 1)
  const made = (channel: NewNotification['channel'], target: string, messageId: string): NewNotification => ({
    ...{ key: `${name}/${channel}/${target}`, channel, target, messageId, content, alertId: alert.id },
  })
  return [
    ...emails.map((to) => made('email', to, `<runnel-alert-${alert.id}-${randomUUID()}@${domain}>`)),
    ...webhooks.map((target) => made('webhook', target, `msg_${randomUUID()}`)),
  ]
}
