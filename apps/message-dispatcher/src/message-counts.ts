import { MESSAGE_STATUSES } from '@runnel/contracts'
import { counter, type Metrics } from '@runnel/observability'
import type { AppliedTransition } from '@runnel/repositories-mailings'

/** Receives transitions that were recorded. */
export type CountMessages = (applied: readonly Pick<AppliedTransition, 'to'>[]) => void

/** Every status shows 0 from the start: a counter that appears with its first event has no increase that an alert could see. */
export function createMessageCounts(metrics: Metrics): CountMessages {
  const help = 'Messages that reached a status by sending, or by the end of their mailing'
  const messages = counter(metrics, 'runnel_messages_total', help, ['status'])
  for (const status of MESSAGE_STATUSES) messages.inc({ status }, 0)
  return (applied) => {
    for (const [status, all] of Map.groupBy(applied, ({ to }) => to)) messages.inc({ status }, all.length)
  }
}
