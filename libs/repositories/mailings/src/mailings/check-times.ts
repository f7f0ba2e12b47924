import { AppError, MAX_MAILING_DAYS } from '@runnel/contracts'
import type { MailingDraft } from './stored-mailing.ts'

const DAY_MS = 86_400_000

/** @throws AppError invalid_field for times that make no mailing which could still be sent */
export function checkTimes({ startMs, endMs }: Pick<MailingDraft, 'startMs' | 'endMs'>, nowMs: number): void {
  if (endMs <= startMs) throw wrongEnd('The mailing ends before it starts', 'a time after the start')
  if (endMs <= nowMs) throw wrongEnd('The end of the mailing has passed', 'a time to come')
  if (endMs - startMs > MAX_MAILING_DAYS * DAY_MS)
    throw wrongEnd('The mailing takes too long', `at most ${MAX_MAILING_DAYS} days after the start`)
}

function wrongEnd(message: string, expected: string): AppError {
  return new AppError('invalid_field', message, { field: '/end', expected })
}
