import type { Database, PageLimits, SizedPage } from '@runnel/repositories-database'
import { listAudit, type StoredAuditEntry } from '../list-audit.ts'
import { findMailing } from './mailing-reads.ts'

/** Something that a person did to a mailing. */
export type HistoryEntry = Pick<StoredAuditEntry, 'id' | 'at' | 'actor' | 'action' | 'detail'>

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
  const page = await listAudit(database, { subject: 'mailing', subjectId: mailingId }, limits, beforeId)
  const items = page.items.map(({ id, at, actor, action, detail }) => ({ id, at, actor, action, detail }))
  return { ...page, items }
}
