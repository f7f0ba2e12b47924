import type { EventLedger } from '../event-ledger.ts'
import { parseEventId, DELIVERY_MODES, type DeliveryMode } from '../delivery-modes.ts'
import { Violations, type Violation } from './violation.ts'

/** Ways that every run has to use. */
const NEEDED = (Object.keys(DELIVERY_MODES) as DeliveryMode[]).filter(
  (mode) => mode !== 'large' && mode !== 'poison',
)

/** A run in which nothing was hard proves nothing. @param redeliveries that the broker has made */
export function checkProof(ledger: EventLedger, redeliveries: number): Violation[] {
  const violations = new Violations()
  if (redeliveries < 1) violations.add('nothing was ever delivered again, so that nothing is proved')
  if (ledger.countRetried('keyed') < 1)
    violations.add('no keyed request was accepted at a later attempt, so that nothing is proved')
  const acknowledged = new Set<DeliveryMode>()
  for (const { id, acknowledgements } of ledger.all())
    if (acknowledgements > 0) acknowledged.add(parseEventId(ledger.run, id)!.mode)
  for (const mode of NEEDED)
    if (!acknowledged.has(mode)) violations.add(`nothing was acknowledged of the delivery mode ${mode}`)
  return violations.list()
}
