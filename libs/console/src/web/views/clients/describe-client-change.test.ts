import { expect, test } from '@jest/globals'
import type { AuditEntry } from '../../api/audit.ts'
import { describeClientChange } from './describe-client-change.ts'

const entry = { id: 1, at: '', actor: 'ann', subjectId: 7 }

test.each<[Pick<AuditEntry, 'subject' | 'action' | 'detail'>, string]>([
  [{ subject: 'client', action: 'create', detail: {} }, 'Created'],
  [
    {
      ...{ subject: 'client', action: 'edit' },
      detail: { before: { tag: '', optedOut: false }, after: { tag: 'vip', optedOut: true } },
    },
    'Changed tag from none to vip, opted out from no to yes',
  ],
  [
    {
      subject: 'client',
      action: 'edit',
      detail: { before: { attributes: {} }, after: { attributes: { a: 1 } } },
    },
    'Changed attributes from {} to {"a":1}',
  ],
  [
    { subject: 'suppression', action: 'create', detail: { source: 'api', reason: 'by letter' } },
    'Put on the suppression list: by letter',
  ],
  [
    { subject: 'suppression', action: 'delete', detail: { source: 'api', reason: 'x' } },
    'Taken off the suppression list',
  ],
])('%j is "%s"', (change, words) => {
  expect(describeClientChange({ ...entry, ...change })).toBe(words)
})
