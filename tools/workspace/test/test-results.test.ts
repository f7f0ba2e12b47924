import { expect, test } from '@jest/globals'
import { summarize, type ProjectResult } from '../src/test-results.ts'

function result(more: Partial<ProjectResult>): ProjectResult {
  return { project: '/w/libs/cache', passed: 0, failed: 0, skipped: 0, failures: [], skips: [], ...more }
}

test('the last line adds up all projects', () => {
  const results = [result({ passed: 3 }), result({ project: '/w/apps/consumer', passed: 4 })]
  const { lines, ok } = summarize(results, [], '/w')
  expect(lines.at(-1)).toBe('7 passed, 0 failed')
  expect(lines.join('\n')).toMatch(/libs\/cache +3 passed, 0 failed/)
  expect(ok).toBe(true)
})

test('skipped tests are counted apart', () => {
  expect(summarize([result({ passed: 1, skipped: 2 })], [], '/w').lines.at(-1)).toBe(
    '1 passed, 0 failed, 2 skipped',
  )
})

test('a skipped test is named with its reason', () => {
  const skips = [{ file: '/w/libs/cache/test/a.test.ts', title: 'is fast', reason: 'there is no clock' }]
  const { lines, ok } = summarize([result({ passed: 1, skipped: 1, skips })], [], '/w')
  const at = lines.indexOf('Skipped, because there is no clock:')
  expect(lines[at + 1]).toBe('  libs/cache/test/a.test.ts: is fast')
  expect(ok).toBe(true)
})

test('a test that is skipped without a reason makes the run fail', () => {
  const skips = [{ file: '/w/libs/cache/test/a.test.ts', title: 'is fast' }]
  const { lines, ok } = summarize([result({ passed: 1, skipped: 1, skips })], [], '/w')
  expect(lines).toContain('  libs/cache/test/a.test.ts: is fast is skipped without a reason')
  expect(lines.at(-1)).toBe('1 passed, 1 failed, 1 skipped')
  expect(ok).toBe(false)
})

test('a failed test makes the run fail and is named with its file and what it said', () => {
  const why = ['Expected: 1', 'Received: 2']
  const failures = [{ file: '/w/libs/cache/test/a.test.ts', title: 'is fast', why }]
  const { lines, ok } = summarize([result({ passed: 1, failed: 1, failures })], [], '/w')
  const at = lines.indexOf('  libs/cache/test/a.test.ts: is fast')
  expect(lines.slice(at + 1, at + 3)).toEqual(['      Expected: 1', '      Received: 2'])
  expect(lines.at(-1)).toBe('1 passed, 1 failed')
  expect(ok).toBe(false)
})

test('what fails besides tests counts as a failure', () => {
  const { lines, ok } = summarize([result({ passed: 1 })], ['lint or types'], '/w')
  expect(lines).toContain('  lint or types')
  expect(lines.at(-1)).toBe('1 passed, 1 failed')
  expect(ok).toBe(false)
})
