import { parseItemIdentity, requestKeyOf } from '@runnel/contracts'
import type { EventRow } from './event-rows.ts'
import { hashToUuid } from './hash-to-uuid.ts'

/** The keys of an event as the table `event_key` holds them. */
export interface KeyClaim {
  readonly event_id: string
  /** Of kind, operation and key. */
  readonly name_hash: string
  /** Of those, the item's hash and its number; null where the key alone decides, as before version 0.2. */
  readonly item_hash: string | null
  /** The key names this one event: another one may not have it. */
  readonly single: boolean
  /** What a version before 0.2 would have claimed, where that is another row; see {@link legacyHash}. */
  readonly legacy_hash: string | null
}

/** @param row that has a key */
export function createKeyClaim(kind: string, { id, key = '', item, op = 'upsert' }: EventRow): KeyClaim {
  const identity = parseItemIdentity(item)
  const legacy = legacyHash(kind, key)
  if (!identity) {
    return { event_id: id, name_hash: legacy, item_hash: null, single: true, legacy_hash: null }
  }
  const single = identity.number === undefined
  const name = single ? key : requestKeyOf(key)
  const nameHash = op === 'upsert' ? (single ? legacy : legacyHash(kind, name)) : hashToUuid(kind, name, op)
  const number = String(identity.number ?? 0)
  return {
    event_id: id,
    name_hash: nameHash,
    item_hash: hashToUuid(kind, name, op, identity.hash, number),
    single,
    legacy_hash: nameHash === legacy ? null : legacy,
  }
}

/**
 * Also the name of a key of upserts in the new form: for what is sent alone, the two versions recognise each other.
 */
function legacyHash(kind: string, key: string): string {
  return hashToUuid(kind, key)
}

/** A row of `event_key`. */
export interface KeyRecord {
  readonly key_hash: string
  readonly item_hash: string | null
  readonly event_id: string
}

/**
 * What has to be claimed: a key that names one event is one row, at the key's name. The items of a request are a row each,
 * and one more at the name, so that nothing else is sent alone under that key.
 */
export function* listKeyRecords(claims: readonly KeyClaim[]): Generator<KeyRecord> {
  const named = new Set<string>()
  for (const { event_id, name_hash, item_hash, single } of claims) {
    if (single) {
      yield { key_hash: name_hash, item_hash, event_id }
      continue
    }
    yield { key_hash: item_hash!, item_hash, event_id }
    if (named.has(name_hash)) continue
    named.add(name_hash)
    yield { key_hash: name_hash, item_hash: name_hash, event_id }
  }
}
