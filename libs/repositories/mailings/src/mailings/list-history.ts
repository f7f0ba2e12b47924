import type { Database } from '@runnel/repositories-database'
import { findMailing } from './mailing-reads.ts'

/** Something that a person did to a mailing. */
export interface HistoryEntry {
  readonly id: number
  readonly at: Date
  readonly actor: string
  readonly action: string
  readonly detail: unknown
}

/**
 * What people did to a mailing, the latest first.
 *
 * @param beforeId id of the last entry of the page before
 * @throws AppError not_found
 */
export async function listHistory(
  database: Database,
  mailingId: number,
  limit: number,
  beforeId?: number,
): Promise<HistoryEntry[]> {
  await findMailing(database, mailingId)
  let query = database.kysely
    .selectFrom('audit_log')
    .select(['id', 'at', 'actor', 'action', 'detail'])
    .where('subject', '=', 'mailing')
    .where('subject_id', '=', mailingId)
    .orderBy('id', 'desc')
    .limit(limit)
  if (beforeId !== undefined) query = query.where('id', '<', beforeId)
  return query.execute()
}
