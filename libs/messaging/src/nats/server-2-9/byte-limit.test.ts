import { expect, it } from '@jest/globals'
import { keepsByteLimits, maxBytesFor, UNLIMITED } from './byte-limit.ts'

it.each([
  ['2.10.5', true],
  ['2.10.22', true],
  ['2.11.0-RC.1', true],
  ['2.12.0', true],
  ['3.0.0', true],
  ['2.10.4', false],
  ['2.9.10', false],
  ['2.9.25', false],
  ['', false],
  [undefined, false],
])('whether version %j keeps a byte limit: %j', (version, keeps) => {
  expect(keepsByteLimits(version)).toBe(keeps)
})

it('on a server that would drop messages no limit is set, and one that it had is removed', () => {
  expect(maxBytesFor('2.9.10', 500)).toBe(UNLIMITED)
  expect(maxBytesFor('2.9.10', 500, { maxBytes: 500, bytes: 100 })).toBe(UNLIMITED)
})

it('a limit is raised at once, and lowered once far less than that is stored', () => {
  expect(maxBytesFor('2.12.0', 500)).toBe(500)
  expect(maxBytesFor('2.12.0', 500, { maxBytes: 100, bytes: 90 })).toBe(500)
  expect(maxBytesFor('2.12.0', 500, { maxBytes: 500, bytes: 490 })).toBe(500)
  expect(maxBytesFor('2.12.0', 500, { maxBytes: 1000, bytes: 800 })).toBe(1000)
  expect(maxBytesFor('2.12.0', 500, { maxBytes: 1000, bytes: 251 })).toBe(1000)
  expect(maxBytesFor('2.12.0', 500, { maxBytes: 1000, bytes: 250 })).toBe(500)
  expect(maxBytesFor('2.12.0', 500, { maxBytes: UNLIMITED, bytes: 800 })).toBe(UNLIMITED)
  expect(maxBytesFor('2.12.0', 500, { maxBytes: UNLIMITED, bytes: 100 })).toBe(500)
})
