import { expect, test } from '@jest/globals'
import { knownBytes, knownCount, knownSeconds } from './known.ts'

test('what is not known is a dash, never a zero', () => {
  expect([knownCount(null), knownBytes(null), knownSeconds(null)]).toEqual(['–', '–', '–'])
  expect([knownCount(0), knownBytes(0), knownSeconds(0)]).toEqual(['0', '0 B', 'none'])
  expect(knownSeconds(75)).toBe('1 min 15 s')
})
