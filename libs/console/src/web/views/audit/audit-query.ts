import { AUDIT_SUBJECTS, type AuditSubject } from '@runnel/contracts/mailings/audit'
import type { Params } from '../../api/build-url.ts'
import type { Option } from '../../parts/select.tsx'

const NAMES: Readonly<Record<AuditSubject, string>> = {
  mailing: 'Mailing',
  client: 'Client',
  import: 'Import',
  notification: 'Notification',
  gateway: 'Gateway',
  suppression: 'Suppression list',
  key: 'API key',
  session: 'Session',
  account: 'Local account',
  dashboard: 'Dashboard',
}

/** What entries may be about. */
export const SUBJECT_OPTIONS: readonly Option[] = [
  { value: '', label: 'Everything' },
  ...AUDIT_SUBJECTS.map((value) => ({ value, label: NAMES[value] })),
]

/** Ages by their names in the address, in milliseconds. */
const AGES = { '1h': 3_600_000, '24h': 86_400_000, '7d': 604_800_000, '30d': 2_592_000_000 } as const

export const AGE_OPTIONS: readonly Option[] = [
  { value: '', label: 'At any time' },
  { value: '1h', label: 'In the last hour' },
  { value: '24h', label: 'In the last 24 hours' },
  { value: '7d', label: 'In the last 7 days' },
  { value: '30d', label: 'In the last 30 days' },
]

const PAGE_SIZE = 100

/** What the address asks for, as parameters of the list. What it does not know is left out. */
export function toAuditQuery(params: URLSearchParams, nowMs: number): Params {
  const age = params.get('age')
  const ageMs = age !== null && Object.hasOwn(AGES, age) ? AGES[age as keyof typeof AGES] : undefined
  const of = (name: string) => params.get(name) || undefined
  return {
    ...{ subject: of('subject'), subjectId: of('id'), actor: of('actor'), action: of('action') },
    from: ageMs === undefined ? undefined : new Date(nowMs - ageMs).toISOString(),
    ...{ cursor: of('cursor'), limit: PAGE_SIZE },
  }
}

/** What an entry is about, in words. */
export function subjectName(subject: string): string {
  return Object.hasOwn(NAMES, subject) ? NAMES[subject as AuditSubject] : subject
}
