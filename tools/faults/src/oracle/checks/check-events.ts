import { balanceEvent, type EventBalance } from '@runnel/producer-sim/event-ledger'
import { isKeyed, isMalformed, parseEventId } from '../delivery-modes.ts'
import type { EventLedger, SentEvent } from '../event-ledger.ts'
import type { RunEvents, StoredEvent } from '../read-run-events.ts'
import { Violations, type Violation } from './violation.ts'

const NOT_STORED: StoredEvent = { rows: 0, rowIds: [], altered: 0, reasons: [] }

/** Compares every event with the store: nothing lost, doubled, altered, invented, or dead-lettered without a reason. */
export function checkEvents(ledger: EventLedger, { events, unrecognised }: RunEvents): Violation[] {
  const violations = new Violations()
  for (const event of ledger.all())
    for (const what of judge(ledger, event, events.get(event.id) ?? NOT_STORED))
      violations.add(what, event.id)
  for (const id of events.keys())
    if (ledger.get(id) === undefined) violations.add('found, and never sent', id)
  for (const one of unrecognised) violations.add('found without an id of this run', one)
  return violations.list()
}

function judge(ledger: EventLedger, event: SentEvent, stored: StoredEvent): string[] {
  const name = parseEventId(ledger.run, event.id)!
  const { mode } = name
  const { rows, altered, reasons } = stored
  const wrong: string[] = []
  if (reasons.some((reason) => reason === '')) wrong.push('among the dead letters without a reason')
  if (mode === 'poison') {
    if (rows > 0) wrong.push('garbage, and stored')
    if (event.acknowledgements > 0 && reasons.length === 0)
      wrong.push('garbage, confirmed, and not among the dead letters')
    return wrong
  }
  if (isMalformed(name) || event.refusals > 0) {
    if (rows > 0) wrong.push('malformed or refused, and stored')
    if (event.acknowledgements > 0) wrong.push('malformed or refused, and acknowledged')
    if (reasons.length > 0) wrong.push('malformed or refused, and among the dead letters')
    return wrong
  }
  const { lost, doubled } = balanceOf(ledger, event, stored)
  if (lost > 0) wrong.push('acknowledged, and lost')
  if (event.deadLettered && reasons.length === 0) wrong.push('said to be among the dead letters, and is not')
  // Nothing is wrong with it: it can be stored once every store is back.
  if (reasons.length > 0) wrong.push('a good event, and among the dead letters')
  if (doubled > 0)
    wrong.push(
      isKeyed(mode) ? 'under a key, and stored more than once' : 'stored more often than it was sent',
    )
  if (altered > 0) wrong.push('stored, and not as it was sent')
  return wrong
}

function balanceOf(
  { run }: EventLedger,
  { id, attempts, acknowledgements }: SentEvent,
  { rows, reasons }: StoredEvent,
): EventBalance {
  const { mode } = parseEventId(run, id)!
  const isDeadLettered = reasons.length > 0
  return balanceEvent({ isKeyed: isKeyed(mode), attempts, acknowledgements, rows, isDeadLettered })
}

/** Sums over the events of a delivery mode or kind. */
export interface Totals {
  readonly sent: number
  /** Of those, the events that were acknowledged. */
  readonly acknowledged: number
  /** Acknowledgements, repeats under a key included. */
  readonly acknowledgements: number
  readonly stored: number
  readonly deadLettered: number
  /** Refused alone, beside others that were taken. */
  readonly refused: number
  /** Acknowledged again, and rightly not stored again. */
  readonly duplicates: number
  /** Stored without an acknowledgement: the answer was lost on its way. */
  readonly unacknowledged: number
}

/** @param by which of the two the events are grouped by */
export function sumEvents(
  ledger: EventLedger,
  { events }: RunEvents,
  by: 'mode' | 'kind',
): Record<string, Totals> {
  const totals: Record<string, { -readonly [member in keyof Totals]: number }> = {}
  for (const event of ledger.all()) {
    const stored = events.get(event.id) ?? NOT_STORED
    const total = (totals[parseEventId(ledger.run, event.id)![by]] ??= {
      ...{ sent: 0, acknowledged: 0, acknowledgements: 0, stored: 0 },
      ...{ deadLettered: 0, refused: 0, duplicates: 0, unacknowledged: 0 },
    })
    const balance = balanceOf(ledger, event, stored)
    total.sent++
    total.acknowledged += balance.expected
    total.acknowledgements += event.acknowledgements
    total.stored += stored.rows
    total.deadLettered += Math.min(1, stored.reasons.length)
    total.refused += Math.min(1, event.refusals)
    total.duplicates += balance.duplicates
    total.unacknowledged += balance.unacknowledged
  }
  return totals
}
