import type { JsonObject } from '@runnel/contracts'
import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import { SeqCounts } from '../ledger/seq-counts.ts'
import type { Source } from '../sources/open-source.ts'
import { canonicalJson } from '../event-ledger/canonical-json.ts'
import type { Claim } from './claim.ts'

/** A claim of a file, with the entries that can be no events. */
export interface FileClaim {
  readonly claim: Claim
  /** Entries that break the rules of the API, so that no replay stores them. */
  readonly refused: number
}

/**
 * Reads a source file again: each entry ought to be stored once, as it stands there. Keeps a digest of each, rather
 * than the entries.
 *
 * @param receivedFrom rows received before do not count
 */
export async function claimOfFile(source: Source, receivedFrom: Date): Promise<FileClaim> {
  const { file, kind } = source
  const acknowledged = new SeqCounts()
  const digests = new Map<number, string>()
  let refused = 0
  for await (const entry of source.entries()) {
    if ('refusal' in entry) refused++
    else {
      acknowledged.add(entry.position)
      digests.set(entry.position, digestOf(entry.item))
    }
  }
  const claim: Claim = {
    label: basename(file.path),
    kind,
    unit: kind === 'products' ? 'item' : 'line',
    filter: { path: ['eventId'], match: 'prefix', text: file.keyPrefix, receivedFrom },
    acknowledged,
    keyed: true,
    numberOf: (item) => positionOf(item, file.keyPrefix),
    matches: (position, item) => digests.get(position) === digestOf(item),
  }
  return { claim, refused }
}

function positionOf(item: JsonObject, prefix: string): number | undefined {
  const key = item['eventId']
  const digits = typeof key === 'string' && key.startsWith(prefix) ? key.slice(prefix.length) : ''
  return /^[1-9]\d{0,14}$/.test(digits) ? Number(digits) : undefined
}

function digestOf(item: JsonObject): string {
  return createHash('sha256').update(canonicalJson(item)).digest('base64url').slice(0, 22)
}
