/** What an entry of the audit log is about. The id of a suppression is its phone; that of a key is text, and stands in the detail. */
export const AUDIT_SUBJECTS = [
  'mailing',
  'client',
  'import',
  'notification',
  'gateway',
  'suppression',
  'key',
] as const

export type AuditSubject = (typeof AUDIT_SUBJECTS)[number]
