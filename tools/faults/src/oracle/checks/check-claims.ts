import { eventTimeMs } from '@runnel/contracts'
import type { EventLedger, SentEvent } from '../event-ledger.ts'
import type { RunEvents } from '../read-run-events.ts'
import { Violations, type Violation } from './violation.ts'

/**
 * Compares what answers said that waited for the row with the store. Whatever they said, they named a row, and it has to be
 * one of that event; an event that was superseded is not what its product is in the end.
 */
export function checkClaims(ledger: EventLedger, { events, products }: RunEvents): Violation[] {
  const violations = new Violations()
  const newest = new Set(products.map(({ event }) => event))
  for (const event of ledger.all()) {
    const rowIds = events.get(event.id)?.rowIds ?? []
    for (const what of judge(event, rowIds, newest.has(event.id))) violations.add(what, event.id)
  }
  return violations.list()
}

function judge({ claims, firstSentMs }: SentEvent, rowIds: readonly string[], isNewest: boolean): string[] {
  const wrong: string[] = []
  for (const { status, eventId } of claims) {
    if (!rowIds.includes(eventId) && !isGivenAnew(eventId, firstSentMs))
      wrong.push(`said to be ${status}, under an id that is no row of it`)
    if (status === 'superseded' && isNewest) wrong.push('said to be superseded, and is what its product is')
  }
  return wrong
}

const MAX_AHEAD_MS = 5 * 60_000

/** An id from a process that started with a wrong clock: the consumer gives the row another one. */
function isGivenAnew(eventId: string, sentMs: number): boolean {
  return Math.abs(eventTimeMs(eventId) - sentMs) > MAX_AHEAD_MS
}

/** @returns how often answers said what */
export function countClaims(ledger: EventLedger): Readonly<Record<string, number>> {
  const counts: Record<string, number> = { stored: 0, superseded: 0, duplicate: 0 }
  for (const { claims } of ledger.all())
    for (const { status } of claims) counts[status] = (counts[status] ?? 0) + 1
  return counts
}
