import { expect, test } from '@jest/globals'
import { choicesFor } from './mailing-choices.ts'

const counts = { sent: 5, retry: 0, pending: 0, failed: 0, unknown: 0, expired: 0, cancelled: 0 }
const end = '2026-01-02T00:00:00Z'
const before = Date.parse('2026-01-01T00:00:00Z')
const after = Date.parse('2026-01-03T00:00:00Z')

test('a running mailing can be paused, a paused one resumed, an ended one neither', () => {
  expect(choicesFor({ status: 'running', end }, counts, before)[0]).toBe('pause')
  expect(choicesFor({ status: 'paused', end }, counts, before)[0]).toBe('resume')
  expect(choicesFor({ status: 'cancelled', end }, counts, before)).toEqual(['copy', 'delete'])
})

test('failed messages can be tried again before the end, where there are any', () => {
  const some = { ...counts, failed: 1 }
  expect(choicesFor({ status: 'completed', end }, some, before)).toContain('retry')
  expect(choicesFor({ status: 'completed', end }, { ...counts, unknown: 1 }, before)).toContain('retry')
  expect(choicesFor({ status: 'completed', end }, some, after)).not.toContain('retry')
  expect(choicesFor({ status: 'completed', end }, counts, before)).not.toContain('retry')
  expect(choicesFor({ status: 'completed', end }, undefined, before)).not.toContain('retry')
})
