import { counter, type Metrics } from '@runnel/observability'
import type { NotificationChannel } from '@runnel/repositories-mailings'

const CHANNELS: readonly NotificationChannel[] = ['email', 'webhook']
const OUTCOMES = ['sent', 'retry', 'failed', 'in_doubt'] as const

export type CountDelivery = (channel: NotificationChannel, outcome: (typeof OUTCOMES)[number]) => void

/** Counts attempts to deliver notifications; they show 0 from the start. */
export function createDeliveryCounter(metrics: Metrics): CountDelivery {
  const attempts = counter(
    metrics,
    'runnel_notification_attempts_total',
    'Attempts to deliver reports and alerts, by what became of them',
    ['channel', 'outcome'],
  )
  for (const channel of CHANNELS) for (const outcome of OUTCOMES) attempts.inc({ channel, outcome }, 0)
  return (channel, outcome) => attempts.inc({ channel, outcome })
}
