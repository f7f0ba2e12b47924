import { readSizedPage, type Database, type PageLimits, type SizedPage } from '@runnel/repositories-database'
import { sql } from 'kysely'
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
  limits: PageLimits,
  beforeId?: number,
): Promise<SizedPage<HistoryEntry>> {
  await findMailing(database, mailingId)
  let query = database.kysely
    .selectFrom('audit_log')
    .select(['id', 'at', 'actor', 'action', 'detail'])
    .where('subject', '=', 'mailing')
    .where('subject_id', '=', mailingId)
    .orderBy('id', 'desc')
    .limit(limits.items + 1)
  if (beforeId !== undefined) query = query.where('id', '<', beforeId)
  return readSizedPage<HistoryEntry>(
    database,
    { rows: query, size: sql`octet_length(detail::text)`, order: sql`id desc` },
    limits,
  )
}
