import type { Mailing, MailingAction, MailingStatus, StatusCounts } from '../../api/mailings.ts'

/** What may be done to a mailing. */
export type Choice = MailingAction | 'edit' | 'retry' | 'copy' | 'delete'

const BY_STATUS: Readonly<Record<MailingStatus, readonly Choice[]>> = {
  draft: ['schedule', 'edit', 'copy', 'delete'],
  scheduled: ['edit', 'copy', 'cancel', 'delete'],
  running: ['pause', 'retry', 'edit', 'copy', 'cancel', 'delete'],
  paused: ['resume', 'retry', 'edit', 'copy', 'cancel', 'delete'],
  completed: ['retry', 'copy', 'delete'],
  expired: ['copy', 'delete'],
  cancelled: ['copy', 'delete'],
}

/** What a mailing lets people do now; the most likely one first. */
export function choicesFor(
  { status, end }: Pick<Mailing, 'status' | 'end'>,
  counts: StatusCounts | undefined,
  nowMs: number,
): readonly Choice[] {
  const retriable = counts !== undefined && counts.failed + counts.unknown > 0 && nowMs < Date.parse(end)
  return BY_STATUS[status].filter((choice) => choice !== 'retry' || retriable)
}

/** Words around an act that is confirmed first. */
export interface Confirmation {
  readonly title: string
  /** On the button. */
  readonly action: string
  /** What it does. */
  readonly effect: string
  readonly danger?: boolean
  /** Told afterwards. */
  readonly done: string
}

export const CONFIRMATIONS: Readonly<Record<MailingAction | 'delete', Confirmation>> = {
  schedule: {
    title: 'Schedule this draft?',
    action: 'Schedule',
    effect: 'It starts by itself at its start, or at once if that has passed, and sends real messages.',
    done: 'Scheduled',
  },
  pause: {
    title: 'Pause this mailing?',
    action: 'Pause',
    effect:
      'What is on its way right now is still sent; nothing more is until it is resumed. Its end stays where it is.',
    done: 'Paused',
  },
  resume: {
    title: 'Resume this mailing?',
    action: 'Resume',
    effect: 'Sending goes on where it stopped.',
    done: 'Resumed',
  },
  cancel: {
    title: 'Cancel this mailing?',
    action: 'Cancel the mailing',
    effect:
      'Nothing more is sent, ever. Messages that are open become cancelled; those that were sent stay sent. This cannot be taken back.',
    danger: true,
    done: 'Cancelled',
  },
  delete: {
    title: 'Delete this mailing?',
    action: 'Delete',
    effect:
      'It goes from all lists; if it is under way, it is cancelled first. Its messages are kept for the records. This cannot be taken back.',
    danger: true,
    done: 'Deleted',
  },
}
