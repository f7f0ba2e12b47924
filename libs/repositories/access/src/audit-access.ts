import type { Schema } from '@runnel/repositories-database'
import { sql, type Kysely } from 'kysely'

/** Something that was done about who gets in. */
export interface AccessAudit {
  readonly actor: string
  readonly action: string
  readonly subject: 'key' | 'session' | 'account'
  /** Their ids are text. */
  readonly detail: { readonly id: string; readonly [member: string]: unknown }
}

/** Notes it in the audit log: in the transaction in which it is done. */
export async function auditAccess(
  trx: Kysely<Schema>,
  { actor, action, subject, detail }: AccessAudit,
): Promise<void> {
  await sql`
    insert into audit_log (actor, action, subject, detail)
    values (${actor}, ${action}, ${subject}, ${JSON.stringify(detail)}::jsonb)`.execute(trx)
}
