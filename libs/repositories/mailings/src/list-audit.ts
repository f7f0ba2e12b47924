import type { AuditSubject } from '@runnel/contracts'
import { readSizedPage, type Database, type PageLimits, type SizedPage } from '@runnel/repositories-database'
import { sql } from 'kysely'

/** Everything that is given has to match. Times are milliseconds since 1970: from one, before the other. */
export interface AuditFilter {
  readonly subject?: AuditSubject | undefined
  readonly subjectId?: number | undefined
  readonly actor?: string | undefined
  readonly action?: string | undefined
  readonly fromMs?: number | undefined
  readonly toMs?: number | undefined
}

export interface StoredAuditEntry {
  readonly id: number
  readonly at: Date
  readonly actor: string
  readonly action: string
  readonly subject: AuditSubject
  readonly subjectId: number | null
  readonly detail: unknown
}

/**
 * What was done, the latest first.
 *
 * @param beforeId id of the last entry of the page before
 */
export async function listAudit(
  database: Database,
  { subject, subjectId, actor, action, fromMs, toMs }: AuditFilter,
  limits: PageLimits,
  beforeId?: number,
): Promise<SizedPage<StoredAuditEntry>> {
  let query = database.kysely
    .selectFrom('audit_log')
    .select(['id', 'at', 'actor', 'action', 'subject', 'subject_id as subjectId', 'detail'])
    .orderBy('id', 'desc')
    .limit(limits.items + 1)
  if (subject !== undefined) query = query.where('subject', '=', subject)
  if (subjectId !== undefined) query = query.where('subject_id', '=', subjectId)
  if (actor !== undefined) query = query.where('actor', '=', actor)
  if (action !== undefined) query = query.where('action', '=', action)
  if (fromMs !== undefined) query = query.where('at', '>=', new Date(fromMs))
  if (toMs !== undefined) query = query.where('at', '<', new Date(toMs))
  if (beforeId !== undefined) query = query.where('id', '<', beforeId)
  return readSizedPage<StoredAuditEntry>(
    database,
    { rows: query, size: sql`octet_length(detail::text)`, order: sql`id desc` },
    limits,
  )
}
