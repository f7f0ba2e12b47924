import { isJsonObject, type JsonObject, type JsonValue } from '@runnel/contracts'
import { findDeadLetteredItems, findStoredItems, type Database } from '@runnel/repositories'
import { MAX_SEQ, SeqCounts } from '../ledger/seq-counts.ts'
import type { Claim } from './claim.ts'
import { addProblem, createFindings, type Findings } from './findings.ts'

/**
 * Compares what is stored with what was acknowledged, in one pass over the store. Memory: a byte or two for each
 * event.
 *
 * @throws what the database failed with, or the signal's reason when it aborts
 */
export async function checkClaim(db: Database, claim: Claim, signal: AbortSignal): Promise<Findings> {
  const findings = createFindings(claim.label, claim.kind)
  const stored = await countStored(db, claim, findings, signal)
  const deadLettered = await countDeadLettered(db, claim, signal)
  const { acknowledged, keyed, unit } = claim
  for (let number = 0; number < Math.max(acknowledged.length, stored.length); number++) {
    const acks = acknowledged.get(number)
    const expected = keyed ? Math.min(1, acks) : acks
    const rows = stored.get(number)
    const name = `${unit} ${number}`
    findings.acknowledged += expected
    findings.duplicates += acks - expected
    if (acks === 0 && rows > 0) addProblem(findings.unacknowledged, name)
    if (rows > Math.max(1, expected)) addProblem(findings.doubled, name, rows - Math.max(1, expected))
    if (rows >= expected) continue
    const missing = expected - rows
    addProblem(deadLettered.get(number) > 0 ? findings.deadLettered : findings.lost, name, missing)
  }
  return findings
}

async function countStored(
  db: Database,
  claim: Claim,
  findings: Findings,
  signal: AbortSignal,
): Promise<SeqCounts> {
  const counts = new SeqCounts()
  for await (const page of findStoredItems(db, claim.kind, claim.filter)) {
    signal.throwIfAborted()
    for (const { id, item } of page) {
      findings.stored++
      const number = claim.numberOf(item)
      if (number !== undefined && number < MAX_SEQ) counts.add(number)
      if (number !== undefined && claim.matches(number, item)) continue
      addProblem(
        findings.altered,
        `${number === undefined ? 'unnumbered' : `${claim.unit} ${number}`} (${id})`,
      )
    }
  }
  return counts
}

async function countDeadLettered(db: Database, claim: Claim, signal: AbortSignal): Promise<SeqCounts> {
  const counts = new SeqCounts()
  for await (const page of findDeadLetteredItems(db, claim.kind, claim.filter.text)) {
    signal.throwIfAborted()
    for (const { payload } of page) {
      const item = parseItem(payload)
      const number = item && claim.numberOf(item)
      if (number !== undefined && number < MAX_SEQ) counts.add(number)
    }
  }
  return counts
}

/** A dead letter may be anything at all; what is no JSON object is none of ours. */
function parseItem(payload: Buffer): JsonObject | undefined {
  try {
    const value = JSON.parse(payload.toString('utf8')) as JsonValue
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
