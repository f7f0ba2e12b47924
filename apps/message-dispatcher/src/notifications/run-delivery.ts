import { claimNotifications, type NotificationChannel } from '@runnel/repositories-mailings'
import type { Bell } from '../sending/bell.ts'
import { deliver, type DeliveryDeps } from './deliver.ts'
import type { Transport } from './transport.ts'

export interface RunDeliveryOptions extends DeliveryDeps {
  readonly channel: NotificationChannel
  readonly transport: Transport
  /** Between two looks for notifications that are due. */
  readonly intervalMs: number
  /** Rung when there may be some. */
  readonly bell: Bell
}

/** Delivered at a time by one process. */
const AT_ONCE = 5

/** Of a lease, beyond the longest attempt: for what is written before and after it. */
const LEASE_MARGIN_MS = 30_000

/** Delivers notifications of one channel until the signal aborts. Never rejects: what fails is tried again. */
export async function runDelivery(options: RunDeliveryOptions): Promise<void> {
  const { database, log, signal, bell, channel, transport, intervalMs } = options
  const { timeoutMs, repeatable } = transport
  const claim = { channel, repeatable, leaseMs: timeoutMs + LEASE_MARGIN_MS, limit: AT_ONCE }
  let isUnreachable = false
  signal.addEventListener('abort', bell.ring)
  while (!signal.aborted) {
    let claimed = 0
    try {
      const notifications = await claimNotifications(database, claim)
      claimed = notifications.length
      isUnreachable = false
      await Promise.all(notifications.map((notification) => deliver(notification, transport, options)))
    } catch (err) {
      if (!isUnreachable)
        log.warn({ err, channel }, 'notifications cannot be read; they wait for the database')
      isUnreachable = true
    }
    if (claimed < AT_ONCE && !signal.aborted) await bell.wait(intervalMs)
  }
  signal.removeEventListener('abort', bell.ring)
}
