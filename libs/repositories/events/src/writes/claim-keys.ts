import type { DuplicateEvent } from '@runnel/contracts'
import { sql, type Transaction } from 'kysely'
import type { Schema } from '@runnel/repositories-database'
import type { EventRow } from './event-rows.ts'
import { createKeyClaim, listKeyRecords, type KeyClaim } from './key-claim.ts'

export interface ClaimedKeys<R> {
  /** Those that may be stored. */
  readonly rows: readonly R[]
  readonly duplicates: readonly DuplicateEvent[]
  readonly reused: readonly DuplicateEvent[]
}

/**
 * Gives every key to the first event that has it, and leaves out the events that came second. A redelivered event finds
 * its own key and stays in.
 *
 * Keys are inserted in sorted order: two batches that share keys would deadlock otherwise. A batch that meets a key of a
 * transaction under way waits for its end, so that the second statement sees the winner.
 */
export async function claimKeys<R extends EventRow>(
  trx: Transaction<Schema>,
  kind: string,
  rows: readonly R[],
): Promise<ClaimedKeys<R>> {
  const claims = rows.filter(({ key }) => key !== undefined).map((row) => createKeyClaim(kind, row))
  if (claims.length === 0) return { rows, duplicates: [], reused: [] }
  await sql`
    insert into event_key (kind, key_hash, item_hash, event_id)
    select ${kind}, key_hash, item_hash, event_id
    from json_to_recordset(${JSON.stringify([...listKeyRecords(claims)])}::json)
      as r(key_hash uuid, item_hash uuid, event_id uuid)
    order by key_hash, event_id
    on conflict do nothing`.execute(trx)
  const conflicts = await findConflicts(trx, kind, claims)
  if (conflicts.length === 0) return { rows, duplicates: [], reused: [] }
  const lost = new Set(conflicts.map(({ id }) => id))
  await releaseItems(
    trx,
    kind,
    claims.filter(({ event_id }) => lost.has(event_id)),
  )
  return {
    rows: rows.filter(({ id }) => !lost.has(id)),
    duplicates: conflicts.filter(({ same }) => same).map(toConflict),
    reused: conflicts.filter(({ same }) => !same).map(toConflict),
  }
}

interface FoundConflict extends DuplicateEvent {
  /** It is the same event; else its key names another one. */
  readonly same: boolean
}

/**
 * `n` is the row at the key's name, `i` that of the item in a request, `l` what a version before 0.2 has claimed for the
 * item's place. A row without an item is of such a version, for which the key alone decides.
 *
 * `offset 0` has each key looked up in the index: joined, a batch of 10,000 was compared with every key of its kind for seconds,
 * for the planner does not know how long the batch is, and of a table that grows fast not how many keys it has.
 */
async function findConflicts(
  trx: Transaction<Schema>,
  kind: string,
  claims: readonly KeyClaim[],
): Promise<FoundConflict[]> {
  const { rows } = await sql<FoundConflict>`
    select r.event_id as id, coalesce(case when decides then n.event_id end, l.event_id, i.event_id, n.event_id) as "of",
      coalesce(decides, false) or l.event_id is not null or i.event_id is not null as same
    from json_to_recordset(${JSON.stringify(claims)}::json)
      as r(event_id uuid, name_hash uuid, item_hash uuid, single boolean, legacy_hash uuid)
    left join lateral (
      select event_id, item_hash from event_key where kind = ${kind} and key_hash = r.name_hash offset 0) n on true
    left join lateral (
      select event_id from event_key where kind = ${kind} and key_hash = r.item_hash and event_id <> r.event_id
      offset 0) i on true
    left join lateral (
      select event_id from event_key where kind = ${kind} and key_hash = r.legacy_hash and event_id <> r.event_id
        and item_hash is null
      offset 0) l on true
    cross join lateral (select n.event_id <> r.event_id and (n.item_hash = r.item_hash
      or r.single and (n.item_hash is null or r.item_hash is null)) as decides) as d
    where l.event_id is not null
      or case when r.single then n.event_id <> r.event_id else decides or i.event_id is not null end`.execute(
    trx,
  )
  return rows
}

function toConflict({ id, of }: FoundConflict): DuplicateEvent {
  return { id, of }
}

/**
 * An event that was dropped leaves nothing that would have the next one of its kind dropped in its name. Its rows are looked up one by one,
 * as above.
 */
async function releaseItems(
  trx: Transaction<Schema>,
  kind: string,
  claims: readonly KeyClaim[],
): Promise<void> {
  await sql`
    delete from event_key where ctid = any (array(
      select k.ctid
      from json_to_recordset(${JSON.stringify(claims)}::json) as r(event_id uuid, name_hash uuid, item_hash uuid)
      cross join lateral (values (r.name_hash), (r.item_hash)) as h(key_hash)
      cross join lateral (
        select ctid, event_id, item_hash from event_key where kind = ${kind} and key_hash = h.key_hash offset 0) k
      where k.event_id = r.event_id and k.item_hash = r.item_hash))`.execute(trx)
}
