/** What an entry of the audit log is about. The id of a suppression is its phone. */
export const AUDIT_SUBJECTS = [
  'mailing',
  'client',
  'import',
  'notification',
  'gateway',
  'suppression',
] as const

export type AuditSubject = (typeof AUDIT_SUBJECTS)[number]
