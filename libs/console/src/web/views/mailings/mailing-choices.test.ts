import { expect, test } from '@jest/globals'
import { choicesFor, waitsForApproval } from './mailing-choices.ts'

const counts = { sent: 5, retry: 0, pending: 0, failed: 0, unknown: 0, expired: 0, cancelled: 0 }
const mailing = { end: '2026-01-02T00:00:00Z', approval: null }
const before = Date.parse('2026-01-01T00:00:00Z')
const after = Date.parse('2026-01-03T00:00:00Z')

test('a running mailing can be paused, a paused one resumed, an ended one neither', () => {
  expect(choicesFor({ ...mailing, status: 'running' }, counts, before)[0]).toBe('pause')
  expect(choicesFor({ ...mailing, status: 'paused' }, counts, before)[0]).toBe('resume')
  expect(choicesFor({ ...mailing, status: 'cancelled' }, counts, before)).toEqual(['copy', 'delete'])
})

test('failed messages can be tried again before the end, where there are any', () => {
  const some = { ...counts, failed: 1 }
  expect(choicesFor({ ...mailing, status: 'completed' }, some, before)).toContain('retry')
  expect(choicesFor({ ...mailing, status: 'completed' }, { ...counts, unknown: 1 }, before)).toContain(
    'retry',
  )
  expect(choicesFor({ ...mailing, status: 'completed' }, some, after)).not.toContain('retry')
  expect(choicesFor({ ...mailing, status: 'completed' }, counts, before)).not.toContain('retry')
  expect(choicesFor({ ...mailing, status: 'completed' }, undefined, before)).not.toContain('retry')
})

const missing = { missing: true, by: null, at: null }
const given = { missing: false, by: 'bob', at: '2026-01-01T00:00:00Z' }

test.each(['draft', 'scheduled', 'paused', 'completed'] as const)(
  'a %s mailing that waits for another person can be approved, before anything else',
  (status) => {
    expect(waitsForApproval({ status, approval: missing })).toBe(true)
    expect(choicesFor({ ...mailing, status, approval: missing }, counts, before)[0]).toBe('approve')
    for (const approval of [null, given]) {
      expect(waitsForApproval({ status, approval })).toBe(false)
      expect(choicesFor({ ...mailing, status, approval }, counts, before)).not.toContain('approve')
    }
  },
)

test.each(['running', 'expired', 'cancelled'] as const)(
  'a %s mailing waits for no approval, and offers none',
  (status) => {
    expect(waitsForApproval({ status, approval: missing })).toBe(false)
    expect(choicesFor({ ...mailing, status, approval: missing }, counts, before)).not.toContain('approve')
  },
)
