import { isJsonObject, type JsonObject } from '@runnel/contracts'
import { parseText } from '@runnel/json'
import type { Database } from '@runnel/repositories-database'
import { balanceEvent } from '../event-ledger/balance-event.ts'
import { readStoredEvents } from '../event-ledger/read-stored-events.ts'
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
  const { acknowledged, keyed: isKeyed, unit } = claim
  const findings = createFindings(claim.label, claim.kind)
  const { stored, deadLettered } = await countStored(db, claim, findings, signal)
  for (let number = 0; number < Math.max(acknowledged.length, stored.length); number++) {
    const acknowledgements = acknowledged.get(number)
    const balance = balanceEvent({
      ...{ isKeyed, acknowledgements, attempts: acknowledgements },
      rows: stored.get(number),
      isDeadLettered: deadLettered.get(number) > 0,
    })
    findings.acknowledged += balance.expected
    findings.duplicates += balance.duplicates
    for (const name of ['lost', 'doubled', 'deadLettered', 'unacknowledged'] as const)
      if (balance[name] > 0) addProblem(findings[name], `${unit} ${number}`, balance[name])
  }
  return findings
}

async function countStored(db: Database, claim: Claim, findings: Findings, signal: AbortSignal) {
  const stored = new SeqCounts()
  const deadLettered = new SeqCounts()
  const count = (counts: SeqCounts, number: number | undefined) => {
    if (number !== undefined && number < MAX_SEQ) counts.add(number)
  }
  const query = {
    kind: claim.kind,
    filter: claim.filter,
    keyOf: (item: JsonObject) => claim.numberOf(item),
    matches: (number: number, item: JsonObject) => claim.matches(number, item),
    keysOfDeadLetter: (payload: Buffer) => {
      const item = parseItem(payload)
      const number = item && claim.numberOf(item)
      return number === undefined ? [] : [number]
    },
  }
  const visitor = {
    row: (number: number | undefined, rowId: string, isAltered: boolean) => {
      findings.stored++
      count(stored, number)
      const name = number === undefined ? 'unnumbered' : `${claim.unit} ${number}`
      if (isAltered) addProblem(findings.altered, `${name} (${rowId})`)
    },
    deadLetter: (number: number | undefined) => count(deadLettered, number),
  }
  await readStoredEvents(db, query, visitor, signal)
  return { stored, deadLettered }
}

/** @returns undefined for a dead letter that is not a JSON object: no event of a claim */
function parseItem(payload: Buffer): JsonObject | undefined {
  try {
    const value = parseText(payload.toString('utf8'), Infinity)
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
