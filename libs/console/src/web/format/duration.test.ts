import { expect, test } from '@jest/globals'
import { formatDuration } from './duration.ts'

test.each([
  [250, '250 ms'],
  [1000, '1 s'],
  [200_000, '3 min 20 s'],
  [600_000, '10 min'],
  [3_600_000 + 59_000, '1 h'],
  [90_000_000, '1 d 1 h'],
])('%p ms are %s: the two largest units', (ms, text) => {
  expect(formatDuration(ms)).toBe(text)
})
