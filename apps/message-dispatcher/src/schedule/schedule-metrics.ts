import { counter, type Metrics } from '@runnel/observability'

const EVENTS = ['started', 'materialised', 'completed', 'expired', 'settled'] as const

type MailingEvent = (typeof EVENTS)[number]

/** Counters of the schedule; they are lost with the process. */
export interface ScheduleMetrics {
  mailing(event: MailingEvent, count?: number): void
  materialised(messages: number): void
  mismatches(count: number): void
  failure(): void
}

/** Counters show 0 from the start: one that appears with its first event has no increase that an alert could see. */
export function createScheduleMetrics(metrics: Metrics): ScheduleMetrics {
  const mailings = counter(
    metrics,
    'runnel_mailings_total',
    'Mailings that started, were materialised, completed, expired or settled',
    ['event'],
  )
  for (const event of EVENTS) mailings.inc({ event }, 0)
  const messages = counter(
    metrics,
    'runnel_mailing_materialised_messages_total',
    'Messages that were created for clients',
    [],
  )
  const mismatches = counter(
    metrics,
    'runnel_mailing_statistics_mismatches_total',
    'Counts that differed from the messages in the database, and were repaired',
    [],
  )
  const failures = counter(
    metrics,
    'runnel_mailing_schedule_failures_total',
    'Steps of the schedule that failed and are tried again',
    [],
  )
  return {
    mailing: (event, count = 1) => mailings.inc({ event }, count),
    materialised: (count) => messages.inc(count),
    mismatches: (count) => mismatches.inc(count),
    failure: () => failures.inc(),
  }
}
