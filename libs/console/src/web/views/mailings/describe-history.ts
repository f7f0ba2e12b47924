import type { HistoryEntry } from '../../api/mailings.ts'
import { explainReason } from './explain-reason.ts'

const ACTIONS: Readonly<Record<string, string>> = {
  create: 'created it',
  edit: 'edited it',
  approve: 'approved it',
  schedule: 'scheduled it',
  unschedule: 'made it a draft again',
  pause: 'paused it',
  rest: 'paused it, because its text fails',
  resume: 'resumed it',
  cancel: 'cancelled it',
  delete: 'deleted it',
  test_send: 'sent a test',
  retry_failed: 'sent messages again',
}

/** What a user did, as a phrase. */
export function describeHistory({ action, detail }: Pick<HistoryEntry, 'action' | 'detail'>): string {
  const phrase = Object.hasOwn(ACTIONS, action) ? ACTIONS[action]! : action
  const more = detailOf(action, detail)
  return more === undefined ? phrase : `${phrase}: ${more}`
}

function detailOf(action: string, detail: unknown): string | undefined {
  const members = isObject(detail) ? detail : {}
  if (action === 'edit' && isObject(members.changes)) {
    const names = Object.keys(members.changes)
    return names.length === 0 ? undefined : names.map(nameOf).join(', ')
  }
  if (action === 'retry_failed' && typeof members.accepted === 'number') {
    const include = Array.isArray(members.include) ? ` (${members.include.join(', ')})` : ''
    return `${members.accepted}${include}`
  }
  if (action === 'rest' && typeof members.reason === 'string') return explainReason(members.reason)
  return undefined
}

/** A member by its name in the forms. */
function nameOf(member: string): string {
  const plain = member.replace(/Ms$/, '').replace(/([A-Z])/g, ' $1')
  return plain.toLowerCase()
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
