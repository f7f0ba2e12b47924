/** draft -> scheduled -> running <-> paused -> completed | expired | cancelled */
export const MAILING_STATUSES = [
  'draft',
  'scheduled',
  'running',
  'paused',
  'completed',
  'expired',
  'cancelled',
] as const

export type MailingStatus = (typeof MAILING_STATUSES)[number]

/**
 * `pending`: not tried, or no result yet. `retry`: will be tried again. `unknown`: the gateway may have taken it, and may
 * not be asked again. The others are what they say; `sent` is the gateway's yes.
 */
export const MESSAGE_STATUSES = [
  'pending',
  'retry',
  'sent',
  'failed',
  'expired',
  'cancelled',
  'unknown',
] as const

export type MessageStatus = (typeof MESSAGE_STATUSES)[number]

/** A message with one of these is still to be sent. */
export const OPEN_MESSAGE_STATUSES = ['pending', 'retry'] as const satisfies readonly MessageStatus[]

/**
 * Every transition that there is; nothing else can happen to a message. A gateway's yes is a fact, so that `sent` comes
 * after everything, even after the mailing's end. People may try again what failed or is unknown, and prolong a mailing, which opens
 * again what has expired.
 */
export const MESSAGE_TRANSITIONS: Readonly<Record<MessageStatus, readonly MessageStatus[]>> = {
  pending: ['retry', 'sent', 'failed', 'expired', 'cancelled', 'unknown'],
  retry: ['retry', 'sent', 'failed', 'expired', 'cancelled', 'unknown'],
  unknown: ['sent', 'retry'],
  failed: ['sent', 'retry'],
  expired: ['sent', 'pending', 'retry'],
  cancelled: ['sent'],
  sent: [],
}
