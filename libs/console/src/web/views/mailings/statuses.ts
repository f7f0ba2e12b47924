import {
  MESSAGE_STATUSES,
  type MailingStatus,
  type MailingSummary,
  type MessageStatus,
  type StatusCounts,
} from '../../api/mailings.ts'
import { formatCount } from '../../format/number.ts'
import type { Tone } from '../../parts/badge.tsx'

export const MAILING_TONES: Readonly<Record<MailingStatus, Tone>> = {
  draft: 'neutral',
  scheduled: 'info',
  running: 'info',
  paused: 'warn',
  completed: 'good',
  expired: 'warn',
  cancelled: 'neutral',
}

export const MESSAGE_TONES: Readonly<Record<MessageStatus, Tone>> = {
  sent: 'good',
  pending: 'neutral',
  retry: 'warn',
  failed: 'bad',
  unknown: 'warn',
  expired: 'neutral',
  cancelled: 'neutral',
}

/** What a status of messages means. */
export const MESSAGE_MEANINGS: Readonly<Record<MessageStatus, string>> = {
  sent: 'The gateway has said yes',
  retry: 'Will be tried again',
  pending: 'Not tried yet, or no result yet',
  failed: 'Will not be tried again by itself',
  unknown: 'The gateway may have taken it',
  expired: 'The mailing ended before',
  cancelled: 'Is not to be sent any more',
}

/** How often to read again what somebody looks at, by what it is doing. */
export function refreshMsOf(mailings: readonly Pick<MailingSummary, 'status' | 'settledAt'>[]): number {
  if (mailings.some(isMoving)) return 1000
  return mailings.some(({ status }) => status === 'scheduled') ? 2000 : 10_000
}

/** Whether its messages may change at any moment. */
function isMoving({ status, settledAt }: Pick<MailingSummary, 'status' | 'settledAt'>): boolean {
  return status === 'running' || (hasEnded(status) && settledAt === null)
}

/** It has not started yet. */
export function isWaiting(status: MailingStatus): boolean {
  return status === 'draft' || status === 'scheduled'
}

/** It will not go on by itself. */
export function hasEnded(status: MailingStatus): boolean {
  return status === 'completed' || status === 'expired' || status === 'cancelled'
}

/** The counts in words, without those that are zero: `7 sent, 2 failed`. */
export function countsInWords(counts: StatusCounts): string {
  const parts = MESSAGE_STATUSES.filter((status) => counts[status] > 0).map(
    (status) => `${formatCount(counts[status])} ${status}`,
  )
  return parts.join(', ') || 'no messages'
}
