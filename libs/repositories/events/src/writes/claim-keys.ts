import type { DuplicateEvent } from '@runnel/contracts'
import { sql, type Transaction } from 'kysely'
import { createHash } from 'node:crypto'
import type { Schema } from '@runnel/repositories-database'
import type { EventRow } from './event-rows.ts'

/** @returns the first 16 bytes of SHA-256 over the parts, written as a uuid */
export function hashToUuid(...parts: string[]): string {
  const hex = createHash('sha256').update(parts.join('\0')).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`
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
): Promise<{ rows: readonly R[]; duplicates: DuplicateEvent[] }> {
  const wanted = rows
    .filter((row) => row.key !== undefined)
    .map((row) => ({ key_hash: hashToUuid(kind, row.key!), event_id: row.id }))
  if (wanted.length === 0) return { rows, duplicates: [] }
  const json = JSON.stringify(wanted)
  await sql`
    insert into event_key (kind, key_hash, event_id)
    select ${kind}, key_hash, event_id from json_to_recordset(${json}::json) as r(key_hash uuid, event_id uuid)
    order by key_hash, event_id
    on conflict do nothing`.execute(trx)
  const { rows: duplicates } = await sql<DuplicateEvent>`
    select r.event_id as id, k.event_id as "of" from json_to_recordset(${json}::json) as r(key_hash uuid, event_id uuid)
    join event_key k on k.kind = ${kind} and k.key_hash = r.key_hash
    where k.event_id <> r.event_id`.execute(trx)
  const dropped = new Set(duplicates.map(({ id }) => id))
  return { rows: rows.filter((row) => !dropped.has(row.id)), duplicates }
}
