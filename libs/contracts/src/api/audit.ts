import { Type, type Static } from 'typebox'
import { AUDIT_SUBJECTS, type AuditSubject } from '../mailings/audit.ts'
import { Nullable } from './nullable.ts'

/** Something that was done to a mailing, a client, an import, ...: who did it, and when. */
export const AuditEntrySchema = Type.Object({
  id: Type.Integer(),
  at: Type.String(),
  actor: Type.String(),
  action: Type.String(),
  subject: Type.Unsafe<AuditSubject>({ type: 'string', enum: [...AUDIT_SUBJECTS] }),
  subjectId: Nullable(Type.Integer({ description: 'Of what it was done to; of a suppression, the phone' })),
  detail: Type.Unknown({ description: 'What it was; of an edit, what changed' }),
})

export type AuditEntry = Static<typeof AuditEntrySchema>
