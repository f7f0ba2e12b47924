import type { Books, Obligation } from '../event-ledger.ts'
import type { Found, FoundEvent } from '../read-run-events.ts'
import { isKeyed, parseId } from '../delivery-modes.ts'
import { Violations, type Violation } from './violation.ts'

const NOWHERE: FoundEvent = { rows: 0, altered: 0, reasons: [] }

/** Every event against the store: nothing lost, doubled, altered, invented, or buried without a reason. */
export function checkEvents(books: Books, { events, strangers }: Found): Violation[] {
  const violations = new Violations()
  for (const obligation of books.all()) {
    const found = events.get(obligation.id) ?? NOWHERE
    const what = judge(obligation, found, parseId(books.run, obligation.id)!.way)
    for (const each of what) violations.add(each, obligation.id)
  }
  for (const id of events.keys())
    if (books.get(id) === undefined) violations.add('found, and never handed out', id)
  for (const stranger of strangers) violations.add('found without an id of this run', stranger)
  return violations.list()
}

function judge(event: Obligation, found: FoundEvent, way: Parameters<typeof isKeyed>[0]): string[] {
  const { acks, attempts, buried } = event
  const { rows, altered, reasons } = found
  const wrong: string[] = []
  if (reasons.some((reason) => reason === '')) wrong.push('among the dead letters without a reason')
  if (way === 'poison') {
    if (rows > 0) wrong.push('garbage, and stored')
    if (acks > 0 && reasons.length === 0) wrong.push('garbage, confirmed, and not among the dead letters')
    return wrong
  }
  if (acks > 0 && rows === 0 && reasons.length === 0) wrong.push('acknowledged, and lost')
  if (buried && reasons.length === 0) wrong.push('said to be among the dead letters, and is not')
  // Nothing is wrong with it: whatever is away, it will be storable.
  if (reasons.length > 0) wrong.push('a good event, and among the dead letters')
  if (isKeyed(way) && rows > 1) wrong.push('under a key, and stored more than once')
  if (!isKeyed(way) && rows > attempts) wrong.push('stored more often than it was sent')
  if (altered > 0) wrong.push('stored, and not as it was sent')
  return wrong
}

/** At rest, over ids: what was taken is what is found. */
export interface Balance {
  /** Events that went out, and those of them that were acknowledged. */
  readonly handedOut: number
  readonly acknowledged: number
  /** Acknowledgements, repeats under a key included. */
  readonly acknowledgements: number
  readonly stored: number
  readonly deadLettered: number
  /** Acknowledged again, and rightly not stored again. */
  readonly duplicates: number
  /** Stored without an acknowledgement: the answer was lost on its way. */
  readonly unacknowledged: number
}

/** @param by which of the two a line is told for: `way` or `kind` */
export function balance(books: Books, { events }: Found, by: 'way' | 'kind'): Record<string, Balance> {
  const sums: Record<string, { -readonly [member in keyof Balance]: number }> = {}
  for (const { id, acks } of books.all()) {
    const found = events.get(id) ?? NOWHERE
    const sum = (sums[parseId(books.run, id)![by]] ??= {
      ...{ handedOut: 0, acknowledged: 0, acknowledgements: 0, stored: 0 },
      ...{ deadLettered: 0, duplicates: 0, unacknowledged: 0 },
    })
    sum.handedOut++
    sum.acknowledged += Math.min(1, acks)
    sum.acknowledgements += acks
    sum.stored += found.rows
    sum.deadLettered += Math.min(1, found.reasons.length)
    sum.duplicates += Math.max(0, acks - Math.max(1, found.rows))
    if (acks === 0) sum.unacknowledged += found.rows
  }
  return sums
}
