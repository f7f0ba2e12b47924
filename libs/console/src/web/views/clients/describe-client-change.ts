import type { AuditEntry } from '../../api/audit.ts'

const NAMES: Readonly<Record<string, string>> = {
  phone: 'phone',
  operatorCode: 'operator',
  tag: 'tag',
  timeZone: 'time zone',
  email: 'e-mail',
  webhookUrl: 'webhook',
  attributes: 'attributes',
  optedOut: 'opted out',
}

/** What was done to a client, or to its phone on the suppression list, in words. */
export function describeClientChange({ subject, action, detail }: AuditEntry): string {
  const { reason, before, after } = (detail ?? {}) as Record<string, unknown>
  const why = typeof reason === 'string' ? `: ${reason}` : ''
  if (subject === 'suppression')
    return action === 'delete' ? 'Taken off the suppression list' : `Put on the suppression list${why}`
  if (action === 'create') return 'Created'
  if (action === 'edit') return `Changed ${describeMembers(before, after).join(', ')}`
  return action === 'delete' ? 'Deleted' : action.replaceAll('_', ' ')
}

function describeMembers(before: unknown, after: unknown): string[] {
  const [former, present] = [before, after].map((members) => (members ?? {}) as Record<string, unknown>)
  return Object.keys(present!).map(
    (name) => `${NAMES[name] ?? name} from ${inWords(former![name])} to ${inWords(present![name])}`,
  )
}

function inWords(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'none'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return typeof value === 'string' ? value : JSON.stringify(value)
}
