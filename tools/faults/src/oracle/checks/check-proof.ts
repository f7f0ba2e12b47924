import type { EventLedger } from '../event-ledger.ts'
import { isProtocolMode, parseEventId, type DeliveryMode } from '../delivery-modes.ts'
import { pacesOf, type Rates } from '../load/paced-modes.ts'
import { Violations, type Violation } from './violation.ts'

/**
 * A run in which nothing was hard proves nothing.
 *
 * @param redeliveries that the broker has made
 * @param rates by which modes were used
 */
export function checkProof(ledger: EventLedger, redeliveries: number, rates: Rates = {}): Violation[] {
  const violations = new Violations()
  if (redeliveries < 1) violations.add('nothing was ever delivered again, so that nothing is proved')
  if (ledger.countRetried().keyed === undefined)
    violations.add('no keyed request was accepted at a later attempt, so that nothing is proved')
  const [acknowledged, refused] = [new Set<DeliveryMode>(), new Set<DeliveryMode>()]
  for (const { id, acknowledgements, refusals } of ledger.all()) {
    const { mode } = parseEventId(ledger.run, id)!
    if (acknowledgements > 0) acknowledged.add(mode)
    if (refusals > 0) refused.add(mode)
  }
  for (const mode of [...pacesOf(rates).map((pace) => pace.mode), 'fresh'] as const) {
    if (!acknowledged.has(mode)) violations.add(`nothing was acknowledged of the delivery mode ${mode}`)
    if (isProtocolMode(mode) && !refused.has(mode))
      violations.add(`nothing was refused of the delivery mode ${mode}`)
  }
  return violations.list()
}
