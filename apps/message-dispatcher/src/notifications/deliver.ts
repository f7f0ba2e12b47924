import type { Logger } from '@runnel/observability'
import { retryTransient, type Database } from '@runnel/repositories-database'
import {
  beginTransfer,
  settleNotification,
  type ClaimedNotification,
  type NotificationOutcome,
} from '@runnel/repositories-mailings'
import { retryDelayMs } from '../sending/results/retry-delay.ts'
import type { CountDelivery } from './delivery-metrics.ts'
import type { Transport, TransportResult } from './transport.ts'

export interface DeliveryDeps {
  readonly database: Database
  readonly log: Logger
  readonly count: CountDelivery
  /** Evenly distributed in [0, 1). */
  readonly random: () => number
  /** Aborted when the process drains. */
  readonly signal: AbortSignal
}

/** A message that is on its way when the process drains may take so much longer. */
const DRAIN_MS = 3000

/** Between two attempts to record what became of a notification. */
const RECORD_RETRY_MS = 500

/**
 * One attempt to deliver a notification, and its record. Never rejects: where the record cannot be written before the process ends,
 * the lease does, and a message that may have arrived is in doubt.
 */
export async function deliver(
  notification: ClaimedNotification,
  transport: Transport,
  deps: DeliveryDeps,
): Promise<void> {
  const { database, log, count, signal } = deps
  const { id, channel, target, attempts } = notification
  const fields = { notificationId: id, channel, target, attempts }
  try {
    const result = await attempt(notification, transport, deps)
    const wasCut = signal.aborted && result.outcome === 'retry'
    if (!wasCut) count(channel, result.outcome)
    const state = await record(
      notification,
      wasCut ? { outcome: 'released' } : toOutcome(result, attempts, deps),
      deps,
    )
    logResult(log, fields, result, state)
  } catch (err) {
    log.warn({ err, ...fields }, 'what became of a notification could not be recorded; its lease will expire')
  }

  async function record(claim: ClaimedNotification, outcome: NotificationOutcome, { log }: DeliveryDeps) {
    return retryTransient(() => settleNotification(database, claim, outcome), {
      retryDelayMs: RECORD_RETRY_MS,
      signal,
      onFailure: (err) => {
        if (signal.aborted) throw err
        log.debug(
          { err, ...fields },
          'the database is unreachable; the result of a notification waits for it',
        )
      },
    })
  }
}

async function attempt(
  notification: ClaimedNotification,
  transport: Transport,
  { database, signal }: DeliveryDeps,
): Promise<TransportResult> {
  const cut = new AbortController()
  const late = setTimeout(() => cut.abort(), transport.timeoutMs)
  let drained: NodeJS.Timeout | undefined
  const onDrain = () => (drained = setTimeout(() => cut.abort(), DRAIN_MS))
  if (signal.aborted) cut.abort()
  signal.addEventListener('abort', onDrain, { once: true })
  try {
    return await transport.send(notification, {
      beginTransfer: () => beginTransfer(database, notification),
      signal: cut.signal,
    })
  } finally {
    signal.removeEventListener('abort', onDrain)
    clearTimeout(late)
    clearTimeout(drained)
  }
}

function toOutcome(result: TransportResult, attempts: number, { random }: DeliveryDeps): NotificationOutcome {
  if (result.outcome !== 'retry') return result
  const { reason, retryAfterMs } = result
  return { outcome: 'retry', reason, delayMs: retryDelayMs(attempts, { retryAfterMs, random }) }
}

function logResult(log: Logger, fields: object, result: TransportResult, state: string | undefined): void {
  const reason = 'reason' in result ? { reason: result.reason } : {}
  const all = { ...fields, ...reason, state }
  if (state === undefined) log.warn(all, 'the lease of a notification was lost')
  else if (state === 'sent') log.info(all, 'notification sent')
  else if (state === 'failed') log.error(all, 'a notification was not sent, and is given up')
  else if (state === 'in_doubt')
    log.error(all, 'a notification may have arrived, and is not sent again unless a person asks for it')
  else log.warn(all, 'a notification was not sent; it will be tried again')
}
