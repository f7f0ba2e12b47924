import type { Generated } from 'kysely'

/** The tables of reports and alerts, as Kysely sees them. */
export interface NotificationSchema {
  daily_report: DailyReportTable
  alert: AlertTable
  alert_condition: AlertConditionTable
  notification: NotificationTable
  notification_round: NotificationRoundTable
}

/** One row for each day that was reported. */
interface DailyReportTable {
  /** Selected as text. */
  day: string
  facts: unknown
  /** Nothing had happened, and such days are not reported. */
  skipped: Generated<boolean>
  created_at: Generated<Date>
}

/** A time in which a condition held; at most one row for each condition is not resolved. */
interface AlertTable {
  id: Generated<number>
  condition: string
  /** As they were last seen while it held. */
  facts: unknown
  started_at: Date
  raised_at: Generated<Date>
  reminded_at: Date | null
  resolved_at: Date | null
}

interface AlertConditionTable {
  name: string
  /** Null while it does not hold and no alert is open. */
  holds_since: Date | null
  clear_since: Date | null
  /** What the judge of the condition wants to know at its next turn. */
  memory: Generated<unknown>
}

/** One message for one address. */
interface NotificationTable {
  id: Generated<number>
  /** Names the message and its address: a second one with the same key is not made. */
  key: string
  channel: 'email' | 'webhook'
  /** An e-mail address, or the name of a webhook. */
  target: string
  /** Message-ID or webhook-id: the same at every attempt. */
  message_id: string
  content: unknown
  report_day: string | null
  alert_id: number | null
  state: Generated<'pending' | 'sending' | 'sent' | 'in_doubt' | 'failed'>
  attempts: Generated<number>
  reason: string | null
  due_at: Generated<Date>
  /** No attempt begins later. */
  expires_at: Date
  /** Right before the first byte was sent: from then on it may have arrived. */
  transfer_at: Date | null
  lease_token: string | null
  leased_until: Date | null
  created_at: Generated<Date>
  finished_at: Date | null
}

/** When it is the turn of any replica again. */
interface NotificationRoundTable {
  name: string
  due_at: Date
}
