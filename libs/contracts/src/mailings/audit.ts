/**
 * What an entry of the audit log is about. The id of a suppression is its phone; those of keys, sessions and accounts are text, and stand
 * in the detail.
 */
export const AUDIT_SUBJECTS = [
  'mailing',
  'client',
  'import',
  'notification',
  'gateway',
  'suppression',
  'key',
  'session',
  'account',
  'dashboard',
] as const

export type AuditSubject = (typeof AUDIT_SUBJECTS)[number]
