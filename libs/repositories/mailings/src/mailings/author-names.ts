import { AppError } from '@runnel/contracts'
import type { Act } from './lock-mailing.ts'
import type { MailingRow } from './stored-mailing.ts'

/** Names kept of one mailing. */
const MAX_AUTHOR_NAMES = 200

function authorNamesOf({ actor, authorNames = [actor.toLowerCase()] }: Act): readonly string[] {
  return authorNames
}

/**
 * @param before author names of a mailing so far
 * @returns the same with those of who changes it now, at the end: where there are too many, the oldest go, never the newest
 */
export function withAuthors(before: readonly string[], act: Act): string[] {
  const now = authorNamesOf(act)
  return [...before.filter((name) => !now.includes(name)), ...now].slice(-MAX_AUTHOR_NAMES)
}

/** @throws AppError forbidden where one of its authors asks */
export function requireOtherPerson({ authors }: Pick<MailingRow, 'authors'>, act: Act): void {
  if (!authorNamesOf(act).some((name) => authors.includes(name))) return
  throw new AppError(
    'forbidden',
    'You cannot approve this mailing, because you made or edited it, yourself or with an API key that goes back to you. ' +
      'Ask another person with the scope mailings:send to approve it',
  )
}
