import { AppError } from '@runnel/contracts'
import type { Act } from './lock-mailing.ts'
import type { MailingRow } from './stored-mailing.ts'

/** Names kept of one mailing. */
const MAX_AUTHOR_NAMES = 200

/** Stands for names that are not kept any more. Author names are in lower case, so that none is like it. */
const FORGOTTEN = 'FORGOTTEN'

function authorNamesOf({ actor, authorNames = [actor.toLowerCase()] }: Act): readonly string[] {
  return authorNames
}

/**
 * @param before author names of a mailing so far
 * @returns the same with those of who changes it now, at the end. Where there are too many, the oldest go and it is noted that there were
 * more; of who changes it now the person at the beginning of a chain of keys is the last name, and stays
 */
export function withAuthors(before: readonly string[], act: Act): string[] {
  const now = authorNamesOf(act).slice(-MAX_AUTHOR_NAMES)
  const others = before.filter((name) => name !== FORGOTTEN && !now.includes(name))
  const kept = others.slice(Math.max(0, others.length + now.length - MAX_AUTHOR_NAMES))
  const hasForgotten = kept.length < others.length || before.includes(FORGOTTEN)
  return [...(hasForgotten ? [FORGOTTEN] : []), ...kept, ...now]
}

/** @throws AppError forbidden where one of its authors asks, and where it is not known any more who they all are */
export function requireOtherPerson({ authors }: Pick<MailingRow, 'authors'>, act: Act): void {
  if (authorNamesOf(act).some((name) => authors.includes(name)))
    throw new AppError(
      'forbidden',
      'You cannot approve this mailing, because you made or edited it, yourself or with an API key that goes back to you. ' +
        'Ask another person with the scope mailings:send to approve it',
    )
  if (authors.includes(FORGOTTEN))
    throw new AppError(
      'forbidden',
      `This mailing cannot be approved, because more than ${MAX_AUTHOR_NAMES} people and API keys edited it and the first of them are not known any more. ` +
        'Make a copy of it, and ask a person who did not write it to approve the copy',
    )
}
