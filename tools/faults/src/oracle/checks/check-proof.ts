import type { Books } from '../event-ledger.ts'
import { parseId, WAYS, type Way } from '../delivery-modes.ts'
import { Violations, type Violation } from './violation.ts'

/** Ways that every run has to use. */
const NEEDED = (Object.keys(WAYS) as Way[]).filter((way) => way !== 'large' && way !== 'poison')

/** A run in which nothing was hard proves nothing. @param redeliveries that the broker has made */
export function checkProof(books: Books, redeliveries: number): Violation[] {
  const violations = new Violations()
  if (redeliveries < 1) violations.add('nothing was ever delivered again, so that nothing is proved')
  if (books.retried('keyed') < 1)
    violations.add('no keyed request was taken at a later attempt, so that nothing is proved')
  const acknowledged = new Set<Way>()
  for (const { id, acks } of books.all()) if (acks > 0) acknowledged.add(parseId(books.run, id)!.way)
  for (const way of NEEDED)
    if (!acknowledged.has(way)) violations.add(`nothing was acknowledged of the way ${way}`)
  return violations.list()
}
