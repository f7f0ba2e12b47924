import type { BrokerPosition, EventForm, EventOperation } from '@runnel/contracts'
import { sql } from 'kysely'
import type { Database } from '@runnel/repositories-database'

export interface StoredDeadLetter {
  readonly id: number
  readonly sourceId: string
  readonly kind: string
  readonly subject: string
  readonly payload: Buffer
  readonly reason: string
  readonly key: string | null
  readonly operation: EventOperation
  readonly firstFailedAt: Date
  readonly lastFailedAt: Date
  readonly attempts: number
  readonly replayedAt: Date | null
  /** Null, like the two below, in a letter from before they were kept. */
  readonly form: EventForm | null
  readonly receivedAt: Date | null
  readonly position: BrokerPosition | null
}

/** Everything that is given has to match. */
export interface DeadLetterFilter {
  readonly kind?: string | undefined
  /** Part of the reason. */
  readonly reason?: string | undefined
  readonly from?: Date | undefined
  readonly to?: Date | undefined
  /** False: only those that wait for a person. */
  readonly replayed?: boolean | undefined
}

const COLUMNS = [
  'id',
  'source_id as sourceId',
  'kind',
  'subject',
  'payload',
  'reason',
  'event_key as key',
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

/** A page, the newest first. @param beforeId id of the last one of the page before */
export async function listDeadLetters(
  { kysely }: Database,
  filter: DeadLetterFilter,
  limit: number,
  beforeId?: number,
): Promise<StoredDeadLetter[]> {
  let query = kysely.selectFrom('dead_letter').select(COLUMNS).orderBy('id', 'desc').limit(limit)
  if (beforeId !== undefined) query = query.where('id', '<', beforeId)
  if (filter.kind !== undefined) query = query.where('kind', '=', filter.kind)
  if (filter.reason !== undefined) query = query.where(sql<boolean>`position(${filter.reason} in reason) > 0`)
  if (filter.from !== undefined) query = query.where('last_failed_at', '>=', filter.from)
  if (filter.to !== undefined) query = query.where('last_failed_at', '<', filter.to)
  if (filter.replayed === false) query = query.where('replayed_at', 'is', null)
  if (filter.replayed === true) query = query.where('replayed_at', 'is not', null)
  return query.execute()
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
