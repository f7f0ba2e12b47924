import { expect, test } from '@jest/globals'
import { choicesFor } from './mailing-choices.ts'

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

test('a mailing that waits for another person can be approved, before anything else', () => {
  const approval = { missing: true, by: null, at: null }
  expect(choicesFor({ ...mailing, status: 'scheduled', approval }, counts, before)[0]).toBe('approve')
})
