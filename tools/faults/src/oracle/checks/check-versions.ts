import type { EventLedger } from '../event-ledger.ts'
import type { RunEvents } from '../read-run-events.ts'
import { versionedProduct } from '../create-payload.ts'
import { formatEventId, parseEventId } from '../delivery-modes.ts'
import { Violations, type Violation } from './violation.ts'

/** The highest acknowledged version of a product has won, unless a higher one came that was not acknowledged. */
export function checkVersions(ledger: EventLedger, { products }: RunEvents): Violation[] {
  const violations = new Violations()
  const highest = new Map<number, { sent: number; acknowledged: number }>()
  for (const { id, acknowledgements } of ledger.all()) {
    const { mode, seq } = parseEventId(ledger.run, id)!
    if (mode !== 'versions') continue
    const product = versionedProduct(seq)
    const known = highest.get(product) ?? { sent: -1, acknowledged: -1 }
    known.sent = Math.max(known.sent, seq)
    if (acknowledgements > 0) known.acknowledged = Math.max(known.acknowledged, seq)
    highest.set(product, known)
  }
  const stored = new Map(products.map((product) => [product.id, product]))
  for (const [id, { sent, acknowledged }] of highest) {
    if (acknowledged < 0) continue
    const newest = formatEventId(ledger.run, { mode: 'versions', kind: 'products', seq: acknowledged })
    const product = stored.get(id)
    if (product === undefined) violations.add('a product is not there', newest)
    else if (product.version < acknowledged) violations.add('an older version has won', newest)
    else if (product.version > sent) violations.add('a version that was never sent', newest)
    else if (
      product.event !==
      formatEventId(ledger.run, { mode: 'versions', kind: 'products', seq: product.version })
    )
      violations.add('a version with the payload of another', newest)
  }
  return violations.list()
}
