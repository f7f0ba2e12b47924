import { sql } from 'kysely'
import {
  eventTimeMs,
  MAX_KEY_BYTES,
  rawEventId,
  type BrokerPosition,
  type EventForm,
} from '@runnel/contracts'
import { hash } from 'node:crypto'
import type { Database } from '@runnel/repositories-database'

/** An event that cannot be stored, kept with its reason until a person looks at it. */
export interface DeadLetter {
  readonly sourceId: string
  readonly kind: string
  readonly subject: string
  readonly payload: Uint8Array
  readonly reason: string
  readonly key?: string
  /** What tells it apart from others of its key, see encodeItemIdentity. */
  readonly item?: string
  /** An EventOperation, or the word that was sent in place of one. */
  readonly operation: string
  readonly form: EventForm
  /** When the event was first received, in milliseconds since 1970. */
  readonly receivedAtMs: number
  /** Where the broker first took it. */
  readonly position?: BrokerPosition
}

/** Reasons are for people: long ones, and ones that quote hostile input, are cut and cleaned. */
const MAX_REASON = 1000

/**
 * Keeps dead letters. One that comes again, because it was redelivered or replayed, counts one attempt more; what it was at
 * first is kept.
 *
 * @returns how many are new
 */
export async function storeDeadLetters(
  { kysely }: Database,
  letters: readonly DeadLetter[],
): Promise<number> {
  let added = 0
  for (const letter of letters) {
    const attempts =
      (await storeOne(kysely, letter, letter.sourceId)) ??
      (await storeOne(kysely, letter, otherSourceId(letter)))
    if (attempts === 1) added++
  }
  return added
}

/** @returns its attempts; undefined where the id is that of a letter with other bytes, which stays as it is */
async function storeOne(
  kysely: Database['kysely'],
  letter: DeadLetter,
  sourceId: string,
): Promise<number | undefined> {
  const { position } = letter
  const { rows } = await sql<{ attempts: number }>`
    insert into dead_letter (source_id, kind, subject, payload, reason, event_key, event_item, operation,
      first_failed_at, last_failed_at, attempts, form, received_at, position_ms, position_tie, position_index)
    values (${sourceId}, ${letter.kind}, ${clean(letter.subject)}, ${Buffer.from(letter.payload)},
      ${clean(letter.reason)}, ${storableKey(letter.key)}, ${letter.item ?? null}, ${clean(letter.operation)},
      now(), now(), 1,
      ${letter.form}, ${new Date(letter.receivedAtMs)}, ${position?.timeMs ?? null}, ${position?.tie ?? null},
      ${position?.index ?? null})
    on conflict (source_id) do update set last_failed_at = now(), reason = excluded.reason,
      attempts = dead_letter.attempts + 1, replayed_at = null
    where dead_letter.payload = excluded.payload
    returning attempts`.execute(kysely)
  return rows[0]?.attempts
}

/** Any client of the broker may use the id of a letter: what it sends is kept beside it, under an id of its own. */
function otherSourceId({ sourceId, payload }: DeadLetter): string {
  return rawEventId(eventTimeMs(sourceId), sourceId, hash('sha256', payload, 'hex'))
}

function clean(text: string): string {
  return text.slice(0, MAX_REASON).replaceAll('\0', '\\0').toWellFormed()
}

/** A key that Postgres cannot hold may be the very reason of the failure. */
function storableKey(key: string | undefined): string | null {
  const isStorable = key !== undefined && key.isWellFormed() && !key.includes('\0')
  return isStorable && Buffer.byteLength(key) <= 2 * MAX_KEY_BYTES ? key : null
}
