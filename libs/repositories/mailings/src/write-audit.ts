import { sql, type Transaction } from 'kysely'
import type { Schema } from '@runnel/repositories-database'

/** Something that a person did. */
export interface AuditEntry {
  readonly actor: string
  readonly action: string
  readonly subject: Schema['audit_log']['subject']
  readonly subjectId: number | null
  readonly detail?: object
}

/** Notes what a person did, in the transaction in which it is done. @returns the id of the entry */
export async function writeAudit(trx: Transaction<Schema>, entry: AuditEntry): Promise<number> {
  const { actor, action, subject, subjectId, detail = {} } = entry
  const { id } = await trx
    .insertInto('audit_log')
    .values({
      actor,
      action,
      subject,
      subject_id: subjectId,
      detail: sql<object>`${JSON.stringify(detail)}::jsonb`,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}
