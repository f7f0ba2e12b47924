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
  sent: 'The gateway has accepted it',
  retry: 'Will be tried again',
  pending: 'Not tried yet, or without a result so far',
  failed: 'Will not be tried again automatically',
  unknown: 'The gateway may have accepted it',
  expired: 'The mailing ended before it was sent',
  cancelled: 'Will not be sent',
}

/** How often to read shown mailings again, by what they are doing. */
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

/** It will not continue. */
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
