import type { BrokerPosition, EventForm } from '@runnel/contracts'
import { readSizedPage, type Database, type SizedPage } from '@runnel/repositories-database'
import { sql } from 'kysely'
import { matches, REASON_CODE, type DeadLetterFilter } from './dead-letter-filter.ts'

export interface StoredDeadLetter {
  readonly id: number
  readonly sourceId: string
  readonly kind: string
  readonly subject: string
  readonly payload: Buffer
  readonly payloadBytes: number
  readonly reason: string
  readonly code: string
  readonly key: string | null
  /** What tells it apart from others of its key. */
  readonly item: string | null
  /** An EventOperation, or the word that was sent in place of one. */
  readonly operation: string
  readonly firstFailedAt: Date
  readonly lastFailedAt: Date
  readonly attempts: number
  readonly replayedAt: Date | null
  /** Null, like the two below, in a letter from before they were kept. */
  readonly form: EventForm | null
  readonly receivedAt: Date | null
  readonly position: BrokerPosition | null
}

export type DeadLetterPage = SizedPage<StoredDeadLetter>

export interface DeadLetterPageOptions {
  readonly limit: number
  /** Of payloads and reasons; one letter is always part of the page. */
  readonly maxBytes: number
  /** Older letters than this one, the newest first. */
  readonly beforeId?: number | undefined
  /** Newer letters than this one, the oldest first. */
  readonly afterId?: number | undefined
}

const COLUMNS = [
  'id',
  'source_id as sourceId',
  'kind',
  'subject',
  'payload',
  sql<number>`octet_length(payload)`.as('payloadBytes'),
  'reason',
  REASON_CODE.as('code'),
  'event_key as key',
  'event_item as item',
  'operation',
  'first_failed_at as firstFailedAt',
  'last_failed_at as lastFailedAt',
  'attempts',
  'replayed_at as replayedAt',
  'form',
  'received_at as receivedAt',
  sql<BrokerPosition | null>`case when position_ms is not null then json_build_object('timeMs', position_ms,
    'tie', position_tie, 'index', position_index) end`.as('position'),
] as const

/** A page, the newest first unless it begins after a letter. A few large letters end it early. */
export async function listDeadLetters(
  database: Database,
  filter: DeadLetterFilter,
  { limit, maxBytes, beforeId, afterId }: DeadLetterPageOptions,
): Promise<DeadLetterPage> {
  const direction = afterId === undefined ? 'desc' : 'asc'
  let rows = database.kysely
    .selectFrom('dead_letter')
    .select(COLUMNS)
    .where(matches(filter))
    .orderBy('id', direction)
    .limit(limit + 1)
  if (beforeId !== undefined) rows = rows.where('id', '<', beforeId)
  if (afterId !== undefined) rows = rows.where('id', '>', afterId)
  return readSizedPage<StoredDeadLetter>(
    database,
    {
      rows,
      size: sql`"payloadBytes" + octet_length(reason)`,
      order: afterId === undefined ? sql`id desc` : sql`id`,
    },
    { items: limit, bytes: maxBytes },
  )
}

export async function findDeadLetter(
  { kysely }: Database,
  id: number,
): Promise<StoredDeadLetter | undefined> {
  return kysely.selectFrom('dead_letter').select(COLUMNS).where('id', '=', id).executeTakeFirst()
}

/**
 * Notes that a dead letter was published again. The row stays until the event is stored. Where the replay has failed
 * already, which counts one attempt more, there is nothing to note: the letter waits for a person again.
 *
 * @param attempts that the letter had when it was read to be published
 */
export async function markReplayed({ kysely }: Database, id: number, attempts: number): Promise<void> {
  await kysely
    .updateTable('dead_letter')
    .set({ replayed_at: sql<Date>`now()` })
    .where('id', '=', id)
    .where('attempts', '=', attempts)
    .execute()
}
