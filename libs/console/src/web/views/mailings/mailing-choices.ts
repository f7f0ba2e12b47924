import type { Scope } from '../../api/me.ts'
import type { Mailing, MailingAction, MailingStatus, StatusCounts } from '../../api/mailings.ts'

/** What may be done to a mailing. */
export type Choice = MailingAction | 'approve' | 'test' | 'edit' | 'retry' | 'copy' | 'delete'

const BY_STATUS: Readonly<Record<MailingStatus, readonly Choice[]>> = {
  draft: ['approve', 'schedule', 'test', 'edit', 'copy', 'delete'],
  scheduled: ['approve', 'test', 'unschedule', 'edit', 'copy', 'cancel', 'delete'],
  running: ['pause', 'retry', 'test', 'edit', 'copy', 'cancel', 'delete'],
  paused: ['approve', 'resume', 'retry', 'test', 'edit', 'copy', 'cancel', 'delete'],
  completed: ['approve', 'retry', 'edit', 'copy', 'delete'],
  expired: ['edit', 'copy', 'delete'],
  cancelled: ['copy', 'delete'],
}

/** What starts messages on their way. */
const SENDS: readonly Choice[] = ['approve', 'schedule', 'resume', 'retry', 'test']

/** The scopes that a choice needs: an edit of what is no draft changes what is sent. */
export function scopesFor(choice: Choice, { status }: Pick<Mailing, 'status'>): readonly Scope[] {
  if (SENDS.includes(choice)) return ['mailings:send']
  return choice === 'edit' && status !== 'draft' ? ['mailings:write', 'mailings:send'] : ['mailings:write']
}

/** Whether another person is asked to approve it: not where nothing of it can be sent any more, or it is under way already. */
export function waitsForApproval({ status, approval }: Pick<Mailing, 'status' | 'approval'>): boolean {
  return approval?.missing === true && BY_STATUS[status].includes('approve')
}

/** What a mailing lets people do now; the most likely one first. */
export function choicesFor(
  mailing: Pick<Mailing, 'status' | 'end' | 'approval'>,
  counts: StatusCounts | undefined,
  nowMs: number,
): readonly Choice[] {
  const isRetriable =
    counts !== undefined && counts.failed + counts.unknown > 0 && nowMs < Date.parse(mailing.end)
  const isOffered: Readonly<Partial<Record<Choice, boolean>>> = {
    approve: waitsForApproval(mailing),
    retry: isRetriable,
  }
  return BY_STATUS[mailing.status].filter((choice) => isOffered[choice] ?? true)
}

/** Words around an act that is confirmed first. */
export interface Confirmation {
  readonly title: string
  /** On the button. */
  readonly action: string
  /** What it does. */
  readonly effect: string
  readonly danger?: boolean
  /** Shown afterwards. */
  readonly done: string
}

/** What is confirmed first. A pause is not: it has to act at once, and resuming takes it back. */
export type ConfirmedChoice = Exclude<MailingAction, 'pause'> | 'approve' | 'delete'

export const CONFIRMATIONS: Readonly<Record<ConfirmedChoice, Confirmation>> = {
  approve: {
    title: 'Approve this mailing?',
    action: 'Approve',
    effect:
      'It goes to many recipients, and is sent once a person who did not write it has approved it as it is. An edit asks for another approval.',
    done: 'Approved',
  },
  schedule: {
    title: 'Schedule this draft?',
    action: 'Schedule',
    effect:
      'It starts automatically at its start time, or at once if that has passed, and sends real messages.',
    done: 'Scheduled',
  },
  unschedule: {
    title: 'Make this mailing a draft again?',
    action: 'Make it a draft',
    effect: 'It does not start before it is scheduled again.',
    done: 'It is a draft again',
  },
  resume: {
    title: 'Resume this mailing?',
    action: 'Resume',
    effect: 'Sending continues where it stopped.',
    done: 'Resumed',
  },
  cancel: {
    title: 'Cancel this mailing?',
    action: 'Cancel the mailing',
    effect:
      'No more messages are sent. Open messages are cancelled; those that were sent stay sent. This cannot be undone.',
    danger: true,
    done: 'Cancelled',
  },
  delete: {
    title: 'Delete this mailing?',
    action: 'Delete',
    effect:
      'It is removed from all lists; a mailing that is running is cancelled first. Its messages are kept for the records. This cannot be undone.',
    danger: true,
    done: 'Deleted',
  },
}
